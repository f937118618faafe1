"""Workflows to begin with: every YAML file of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from runwright.workflows.parser import parse


@dataclass(frozen=True, slots=True)
class Template:
    """A workflow to begin with; the id is the name of its file."""

    id: str
    name: str
    description: str
    category: str
    source: str


@cache
def templates() -> tuple[Template, ...]:
    """All of them, sorted by the name of the file."""
    files = sorted(resources.files(__name__).iterdir(), key=lambda file: file.name)
    return tuple(_read(file.name, file.read_text("utf-8")) for file in files if file.name.endswith(".yaml"))


def _read(name: str, source: str) -> Template:
    definition = parse(source)
    return Template(
        id=name.removesuffix(".yaml"),
        name=definition.name,
        description=definition.description,
        category=definition.category,
        source=source,
    )

"""The workflows that documents show are valid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from runwright.workflows.parser import parse

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]


def shown() -> Iterator[tuple[str, str]]:
    for document in DOCUMENTS:
        for number, source in enumerate(re.findall(r"```yaml\n(.*?)```", document.read_text(), re.DOTALL), start=1):
            yield f"{document.name}-{number}", source


@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in shown()])
def test_a_workflow_in_a_document_is_valid(source: str) -> None:
    assert parse(source).blocks


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_an_example_is_valid(example: Path) -> None:
    assert parse(example.read_bytes()).description

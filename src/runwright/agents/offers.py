"""A tool as a model is offered it, and what answers its calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runwright.kit.json import Json, dumps


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call; ``number`` counts all calls of the block's run, the same after a crash."""

    number: int
    arguments: Mapping[str, Json]

    def text(self, name: str, default: str = "") -> str:
        """An argument as text, whatever the model made of it."""
        value = self.arguments.get(name, default)
        return value if isinstance(value, str) else dumps(value)


Answer = Callable[[ToolCall], Awaitable[str]]


class ToolFailed(Exception):
    """The call failed in a way the model may react to: it is told the text."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool. ``about`` is shown with each call in the run: where the tool comes from."""

    name: str
    description: str
    schema: Mapping[str, Any]
    answer: Answer
    about: Mapping[str, Json] = field(default_factory=dict)


def object_schema(properties: Mapping[str, Any], *, required: list[str]) -> dict[str, Any]:
    """The schema of a tool's arguments."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }

"""The names a template or condition may look up, and how each is found in a :class:`Scope`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from runwright.blocks.base import BlockError, Scope
from runwright.kit import json
from runwright.kit.json import Json


class ExpressionError(ValueError):
    """A template or condition is not well formed; ``offset`` counts characters from the text's start."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class Root(Enum):
    """What the first word of a name stands for."""

    VARIABLE = "variable"
    BLOCK = "block"
    TRIGGER = "trigger"
    LOCAL = "local"
    CALLBACK = "callback"


RESERVED_NAMES: Final = frozenset(
    {"blocks", "trigger", "item", "index", "loop", "self"}
    | {"and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"}
)
"""Names a context variable cannot have, because they mean something else in an expression."""

_LOCALS: Final = frozenset({"item", "index"})


@dataclass(frozen=True, slots=True)
class Lookup:
    """One name as written: ``blocks.commits.output[0].title`` has the name ``commits`` and two fields."""

    root: Root
    name: str
    fields: tuple[str | int, ...]
    source: str
    offset: int

    @property
    def is_text(self) -> bool:
        """Whether the value is a text for certain; fields of structured values can be anything."""
        return self.root in (Root.VARIABLE, Root.BLOCK, Root.CALLBACK) and not self.fields


def make_lookup(segments: tuple[str | int, ...], *, source: str, offset: int) -> Lookup:
    """Tell what a dotted name stands for.

    Raises:
        ExpressionError: the name has no meaning, such as ``blocks.commits.status``.
    """
    head, rest = str(segments[0]), segments[1:]
    if head == "blocks":
        return _block_lookup(rest, source=source, offset=offset)
    if head == "trigger":
        if not rest or not isinstance(rest[0], str):
            raise ExpressionError("'trigger' needs a field, such as trigger.type", offset)
        return Lookup(Root.TRIGGER, rest[0], rest[1:], source, offset)
    if head in _LOCALS:
        return Lookup(Root.LOCAL, head, rest, source, offset)
    if head in RESERVED_NAMES:
        raise ExpressionError(f"'{head}' has no meaning here", offset)
    if rest:
        raise ExpressionError(f"'{head}' is a context variable, a text: it has no fields", offset)
    return Lookup(Root.VARIABLE, head, (), source, offset)


def _block_lookup(rest: tuple[str | int, ...], *, source: str, offset: int) -> Lookup:
    if len(rest) == 2 and rest[1] == "callback":
        return Lookup(Root.CALLBACK, str(rest[0]), (), source, offset)
    if len(rest) < 2 or rest[1] != "output":
        raise ExpressionError(f"'{source}' is not known: write blocks.KEY.output, with the key of a block", offset)
    return Lookup(Root.BLOCK, str(rest[0]), rest[2:], source, offset)


class _Missing(Enum):
    MISSING = "missing"


MISSING: Final = _Missing.MISSING
"""What :func:`find` answers when there is no such value."""


def find(lookup: Lookup, scope: Scope) -> Json:
    """The value of a name, or :data:`MISSING`. The output of a block that was skipped is missing."""
    if lookup.root is Root.VARIABLE:
        return scope.variables.get(lookup.name, MISSING)
    if lookup.root is Root.TRIGGER:
        return _walk(scope.trigger.get(lookup.name, MISSING), lookup.fields)
    if lookup.root is Root.LOCAL:
        return _walk(scope.local.get(lookup.name, MISSING), lookup.fields)
    if lookup.root is Root.CALLBACK:
        return scope.callbacks[lookup.name]
    text = scope.outputs.get(lookup.name)
    if text is None:
        return MISSING
    return _walk(_structured(text), lookup.fields) if lookup.fields else text


def require(lookup: Lookup, scope: Scope) -> Json:
    """The value of a name; the output of a block that was skipped is the empty text.

    Raises:
        BlockError: there is no such value; the sentence names it.
    """
    value = find(lookup, scope)
    if value is not MISSING:
        return value
    if lookup.root is Root.BLOCK and lookup.name not in scope.outputs:
        return ""
    raise BlockError(_missing_sentence(lookup, scope), retryable=False)


def _missing_sentence(lookup: Lookup, scope: Scope) -> str:
    if lookup.root is Root.VARIABLE:
        return f"There is no context variable '{lookup.name}'."
    if lookup.root is Root.TRIGGER:
        return f"This execution's trigger has no '{lookup.source}'; add | default('…') where it may be absent."
    if lookup.root is Root.LOCAL:
        if lookup.name not in scope.local:
            return f"'{lookup.name}' is known only inside a map block."
        return f"This item has no '{lookup.source}'; add | default('…') where it may be absent."
    if _structured(scope.outputs[lookup.name]) is None:
        return f"'{lookup.source}' cannot be looked up: the output of block '{lookup.name}' is no JSON object or list."
    return (
        f"'{lookup.source}' is not there: the output of block '{lookup.name}' has no such field; "
        "add | default('…') where it may be absent."
    )


def _walk(value: Json, fields: tuple[str | int, ...]) -> Json:
    for field in fields:
        if not _has(value, field):
            return MISSING
        value = value[field]
    return value


def _has(value: Json, field: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(field, int) and field < len(value)
    return isinstance(value, Mapping) and field in value


@lru_cache(maxsize=8)
def _structured(text: str) -> Json:
    """The output read as a JSON object or list; None when it is neither."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None

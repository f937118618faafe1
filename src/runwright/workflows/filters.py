"""The named filters and tests of templates and conditions: a closed list, none of which can run away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from runwright.blocks.base import BlockError
from runwright.kit import json
from runwright.kit.json import Json

MAX_LENGTH: Final = 32 * 1024 * 1024
"""Longest text, in characters, that a template or filter may make."""


class Gives(Enum):
    """What a filter answers, as far as that is known before it runs."""

    TEXT = "text"
    NUMBER = "number"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter; one without a function is the template engine's own of the same name."""

    gives: Gives
    function: Callable[..., Any] | None = None


def text_of(value: Json) -> str:
    """How a value stands in a text: a text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def refuse_longer(length: int) -> None:
    """Raise a :class:`BlockError` when a text would become longer than :data:`MAX_LENGTH`."""
    if length > MAX_LENGTH:
        raise BlockError(f"The text would be longer than {MAX_LENGTH:,} characters.", retryable=False)


def _replace(value: Json, old: str, new: str) -> str:
    text = text_of(value)
    refuse_longer(len(text) + text.count(old) * max(0, len(new) - len(old)))
    return text.replace(old, new)


def _join(value: Json, separator: str = "") -> str:
    if not isinstance(value, list):
        raise BlockError(f"'join' needs a list, this is {_kind(value)}.", retryable=False)
    texts = [text_of(item) for item in value]
    refuse_longer(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def _truncate(value: Json, length: int = 255, ending: str = "…") -> str:
    text = text_of(value)
    return text if len(text) <= length else text[: max(0, length - len(ending))] + ending


def _int(value: Json) -> int:
    try:
        return int(value)
    except (ValueError, TypeError, OverflowError):
        raise BlockError(f"'int' needs a whole number, this is {_kind(value)}.", retryable=False) from None


def _float(value: Json) -> float:
    try:
        return float(value)
    except (ValueError, TypeError, OverflowError):
        raise BlockError(f"'float' needs a number, this is {_kind(value)}.", retryable=False) from None


def _bool(value: Json) -> bool:
    if isinstance(value, str) and value.strip().lower() in _TRUTH:
        return _TRUTH[value.strip().lower()]
    if isinstance(value, bool):
        return value
    raise BlockError(f"'bool' needs true or false, this is {_kind(value)}.", retryable=False)


_TRUTH: Final = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(("false", "no", "off", "0", ""), False)


def _kind(value: Json) -> str:
    """A value in a sentence about it, cut short."""
    text = text_of(value)
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"


def _is_containing(value: Json, part: Json) -> bool:
    if isinstance(value, str):
        return isinstance(part, str) and part in value
    return isinstance(value, (list, dict)) and part in value


def _is_empty(value: Json) -> bool:
    return value is None or value in ("", [], {})


FILTERS: Final[dict[str, Filter]] = {
    "bool": Filter(Gives.ANY, _bool),
    "capitalize": Filter(Gives.TEXT),
    "default": Filter(Gives.ANY),
    "first": Filter(Gives.ANY),
    "float": Filter(Gives.NUMBER, _float),
    "int": Filter(Gives.NUMBER, _int),
    "join": Filter(Gives.TEXT, _join),
    "json": Filter(Gives.TEXT, json.dumps),
    "last": Filter(Gives.ANY),
    "length": Filter(Gives.NUMBER),
    "lower": Filter(Gives.TEXT),
    "replace": Filter(Gives.TEXT, _replace),
    "round": Filter(Gives.NUMBER),
    "title": Filter(Gives.TEXT),
    "trim": Filter(Gives.TEXT),
    "truncate": Filter(Gives.TEXT, _truncate),
    "upper": Filter(Gives.TEXT),
    "urlencode": Filter(Gives.TEXT),
}

TESTS: Final[dict[str, Callable[..., bool] | None]] = {
    "boolean": None,
    "containing": _is_containing,
    "defined": None,
    "empty": _is_empty,
    "endingwith": None,
    "mapping": None,
    "none": None,
    "number": None,
    "sequence": None,
    "startingwith": None,
    "string": None,
    "undefined": None,
}
"""Words after ``is``; one without a function is the template engine's own of the same name."""

"""What the sandbox returned, as the text that a block's output is."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Any

from runwright.kit.json import Json
from runwright.kit.text import storable


def as_text(value: object) -> str:
    """Text as it is, nothing as the empty text, all else as JSON text.

    Raises:
        TypeError: JSON has no form for it.
        ValueError: it holds NaN, an infinity, or itself.
        RecursionError: it is nested too deeply.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return storable(value)
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain_value))


def _plain_value(value: Any) -> Json:
    """The JSON form of what JSON does not know but has an obvious form for."""
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if getattr(value, "is_dataclass", False):
        return value.attributes
    raise TypeError(f"a {type(value).__name__} is no JSON; return a text, number, list or mapping")

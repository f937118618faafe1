"""JSON as the product stores and sends it: compact, UTF-8, never NaN."""

from __future__ import annotations

import json
from typing import Any

Json = Any
"""A value that JSON can hold: None, bool, int, float, str, list or dict of those."""


def dumps(value: Json) -> str:
    """Compact JSON text.

    Raises:
        ValueError: the value holds NaN or an infinity.
        TypeError: the value holds something JSON has no form for.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def loads(text: str | bytes) -> Json:
    """Parse JSON text.

    Raises:
        ValueError: the text is not JSON.
    """
    return json.loads(text)

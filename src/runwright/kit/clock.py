"""Time as the product counts it: whole milliseconds since the epoch, UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime

Millis = int
"""Milliseconds since 1970-01-01T00:00:00Z."""


def now_ms() -> Millis:
    """The present moment."""
    return time.time_ns() // 1_000_000


def iso(moment: Millis | None) -> str | None:
    """Render a moment as the public API does: UTC, milliseconds, ``Z``."""
    if moment is None:
        return None
    seconds, millis = divmod(moment, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{millis:03d}Z"


def parse_iso(text: str) -> Millis:
    """Read an ISO 8601 moment; one without an offset is taken as UTC.

    Raises:
        ValueError: the text is no ISO 8601 date-time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)

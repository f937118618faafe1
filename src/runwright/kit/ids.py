"""Identifiers: UUIDv7 for rows that are listed by time, prefixed random text for keys."""

from __future__ import annotations

import os
import re
import secrets
import threading
import time

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


class _Timestamps:
    """Moments for UUIDs: milliseconds with twelve bits of fraction, each later than the one before."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        millis, nanos = divmod(time.time_ns(), 1_000_000)
        moment = millis << 12 | (nanos << 12) // 1_000_000
        with self._lock:
            self._last = max(moment, self._last + 1)
            return self._last


_timestamps = _Timestamps()


def new_uuid() -> str:
    """A UUIDv7 (RFC 9562 sections 5.7 and 6.2, method 3) in lower case: sorts by when it was made, in this process
    without exception."""
    millis, fraction = divmod(_timestamps.next(), 1 << 12)
    chance = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    text = f"{millis << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | chance:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_uuid(text: str) -> bool:
    """Whether the text has the form of a UUID, of any version and either case."""
    return _UUID.fullmatch(text) is not None


def new_key_id() -> str:
    """The public identifier of an API key: ``ak_`` and twelve characters."""
    return "ak_" + "".join(secrets.choice(_ALPHABET) for _ in range(12))

"""Identifiers: UUIDv7 for rows that are listed by time, prefixed random text for keys."""

from __future__ import annotations

import os
import re
import secrets
import time

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_uuid() -> str:
    """A UUIDv7 in lower case, with a quarter of a microsecond of the time in it (RFC 9562, section 6.2, method 3).

    So ids made one after the other sort in that order, not only by the millisecond: lists are paged by them.
    """
    millis, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    value = millis << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | int.from_bytes(os.urandom(8)) >> 2
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_uuid(text: str) -> bool:
    """Whether the text has the form of a UUID, of any version and either case."""
    return _UUID.fullmatch(text) is not None


def new_key_id() -> str:
    """The public identifier of an API key: ``ak_`` and twelve characters."""
    return "ak_" + "".join(secrets.choice(_ALPHABET) for _ in range(12))

"""The body of a trigger: read within its limit, parsed strictly, checked to be an object of strings."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, NoReturn

from runwright import errors
from runwright.kit.json import Json

MAX_BYTES = 10 * 1024 * 1024
_PARSE_IN_LOOP_BYTES = 64 * 1024
_MAX_DIGITS = 4_000


async def read_payload(stream: AsyncIterator[bytes]) -> dict[str, str]:
    """Read a trigger's variables.

    Raises:
        PublicError: the body is too large, no JSON, or no object of strings.
    """
    body = await _read(stream)
    if len(body) <= _PARSE_IN_LOOP_BYTES:
        return parse(body)
    return await asyncio.to_thread(parse, body)


async def _read(stream: AsyncIterator[bytes]) -> bytes:
    """The body, counted while it comes in: what ``Content-Length`` claims is not asked."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in stream:
        size += len(chunk)
        if size > MAX_BYTES:
            raise errors.payload_too_large()
        chunks.append(chunk)
    return b"".join(chunks)


def parse(body: bytes) -> dict[str, str]:
    """The variables in a body; an empty body has none.

    Raises:
        PublicError: the body is no JSON, or no object of strings.
    """
    value = _decode(body) if body else {}
    if not isinstance(value, dict):
        raise errors.payload_not_strings([])
    wrong = [name for name, content in value.items() if not isinstance(content, str)]
    if wrong:
        raise errors.payload_not_strings(wrong)
    return value


def _decode(body: bytes) -> Json:
    try:
        text = body.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_int=_bounded_int)
        _require_storable(value)
    except (ValueError, RecursionError) as error:
        raise errors.invalid_json() from error
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _bounded_int(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError("a number is too long")
    return int(digits)


def _require_storable(value: Json) -> None:
    """Refuse text that no database and no client could take: lone surrogates and NUL."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if "\x00" in item:
                raise ValueError("a text holds NUL")
            item.encode("utf-8")
        elif isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)

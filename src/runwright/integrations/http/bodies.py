"""Reads an answer's body within a limit, unpacked bytes counted: a small gzip file can unpack to gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

import httpx2

from runwright.integrations.http.errors import BadAnswer, TooLarge

ACCEPT_ENCODING = "gzip"
"""The one packing that is asked for and understood: it unpacks piece by piece."""

_PIECE = 64 * 1024
_GZIP_NAMES = frozenset({"gzip", "x-gzip"})
_GZIP_WBITS = 16 + zlib.MAX_WBITS


def bounded(response: httpx2.Response, *, max_bytes: int) -> httpx2.Response:
    """The same response with a plain body that raises :class:`TooLarge` past the limit.

    Raises:
        TooLarge: the response announces more than the limit.
        BadAnswer: the body is packed in a way that was not asked for.
    """
    if (announced := response.headers.get("content-length", "")).isdigit() and int(announced) > max_bytes:
        raise _too_large(max_bytes)
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in _GZIP_NAMES and packing not in {"identity", ""}:
        raise BadAnswer(f"The answer is packed as {packing!r}, which was not asked for and cannot be read")
    stream = _BoundedStream(response.stream, max_bytes=max_bytes, unpack=packing in _GZIP_NAMES)
    dropped = {b"content-encoding", b"content-length"} if packing in _GZIP_NAMES else set()
    headers = [(name, value) for name, value in response.headers.raw if name.lower() not in dropped]
    return httpx2.Response(response.status_code, headers=headers, stream=stream, extensions=dict(response.extensions))


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: object, *, max_bytes: int, unpack: bool) -> None:
        assert isinstance(stream, httpx2.AsyncByteStream)
        self._stream = stream
        self._max_bytes = max_bytes
        self._gunzip = _Gunzip() if unpack else None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        total = 0
        async for chunk in self._stream:
            for piece in self._gunzip.feed(chunk) if self._gunzip else (chunk,):
                total += len(piece)
                if total > self._max_bytes:
                    raise _too_large(self._max_bytes)
                yield piece
        if self._gunzip:
            self._gunzip.finish()

    async def aclose(self) -> None:
        await self._stream.aclose()


class _Gunzip:
    """Unpacks gzip, never more than a piece at a time."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(_GZIP_WBITS)
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Unpack what came in."""
        while data:
            self._started = True
            if self._decoder.eof:
                # A gzip file may consist of several, one after another.
                self._decoder = zlib.decompressobj(_GZIP_WBITS)
            try:
                piece = self._decoder.decompress(data, _PIECE)
            except zlib.error:
                raise BadAnswer("The answer says it is gzip, but it is not") from None
            data = self._decoder.unconsumed_tail or self._decoder.unused_data
            if piece:
                yield piece

    def finish(self) -> None:
        """Make sure that nothing is missing."""
        if self._started and not self._decoder.eof:
            raise BadAnswer("The answer ends in the middle")


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge(
        f"The answer is larger than {max_bytes} bytes; an operator can raise RUNWRIGHT_HTTP__MAX_RESPONSE_BYTES"
    )

"""A web server for tests, on a free local port, that can also behave as badly as real ones do."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Seen:
    """A request the server received. Header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers with. ``length`` announces another length than the body has.

    ``hold`` keeps the connection open after the body, until the server stops.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    hold: bool = False

    @staticmethod
    def of(value: Any, *, status: int = 200) -> Reply:
        """An answer in JSON."""
        return Reply(status=status, body=json.dumps(value).encode(), headers={"content-type": "application/json"})

    def raw(self) -> bytes:
        """The answer as it goes over the wire; the connection is closed after it."""
        length = len(self.body) if self.length is None else self.length
        headers = {"content-length": str(length), **self.headers, "connection": "close"}
        lines = [f"HTTP/1.1 {self.status} Status", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


NEVER = Reply(status=0)
"""Answering with this means not answering: the connection stays open until the server stops."""

CUT = Reply(status=-1)
"""Answering with this closes the connection without a word."""

Handler = Callable[[Seen], Reply | bytes | Awaitable[Reply | bytes]]
"""Answers a request, with bytes for what is no HTTP at all."""


class FakeServer:
    """Serves with a handler, in a thread of its own: ``with FakeServer(handler) as server: server.url``."""

    def __init__(self, handler: Handler, *, ssl_context: ssl.SSLContext | None = None) -> None:
        """Take what answers, and a certificate when the server is to speak TLS."""
        self.seen: list[Seen] = []
        self.port = 0
        self._handler = handler
        self._ssl_context = ssl_context
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self._ssl_context else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=self._ssl_context)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            seen = await _read(reader)
            self.seen.append(seen)
            reply = self._handler(seen)
            if isinstance(reply, Awaitable):
                reply = await reply
            if reply is NEVER:
                await self._stop.wait()
            elif reply is not CUT:
                writer.write(reply.raw() if isinstance(reply, Reply) else reply)
                await writer.drain()
            if isinstance(reply, Reply) and reply.hold:
                await self._stop.wait()
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method=method, path=path, headers=headers, body=body)

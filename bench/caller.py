"""The process that makes the calls: reads a :class:`~bench.calls.Load`, writes an :class:`~bench.calls.Outcome`.

It speaks just enough HTTP by itself, because a client library would cost more time than the server that is measured.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from typing import cast

import uvloop

from bench.calls import BenchFailed, Load, Outcome, percentile

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_OK = b"HTTP/1.1 200 "

Call = Callable[["Connection"], Awaitable[None]]


class Connection(asyncio.Protocol):
    """A connection that stays open and has one request under way at most."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._answer: asyncio.Future[bytes] | None = None
        self._seen = b""
        self._body_at = self._end = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        self._seen += data
        if self._end < 0:
            self._read_head()
        if 0 <= self._end <= len(self._seen):
            self._finish()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(BenchFailed("the server closed the connection"))

    async def ask(self, request: bytes) -> bytes:
        """Send a request; the body of the answer.

        Raises:
            BenchFailed: it was not answered with 200.
        """
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def _read_head(self) -> None:
        head_end = self._seen.find(b"\r\n\r\n")
        if head_end >= 0:
            length = _LENGTH.search(self._seen, 0, head_end + 2)
            self._body_at = head_end + 4
            self._end = self._body_at + (int(length.group(1)) if length else 0)

    def _finish(self) -> None:
        assert self._answer is not None
        answered, body = self._seen.startswith(_OK), self._seen[self._body_at : self._end]
        whole, self._seen, self._end = self._seen, b"", -1
        if answered:
            self._answer.set_result(body)
        else:
            self._answer.set_exception(BenchFailed(whole.decode(errors="replace")))


def _call(load: Load) -> Call:
    request = load.request.encode()
    if load.follow is None:

        async def once(connection: Connection) -> None:
            await connection.ask(request)

        return once
    follow = load.follow

    async def to_the_end(connection: Connection) -> None:
        execution_id = json.loads(await connection.ask(request))["executionId"]
        look = follow.replace("{id}", execution_id).encode()
        while (shown := json.loads(await connection.ask(look)))["finishedAt"] is None:
            pass
        if shown["status"] != "completed":
            raise BenchFailed(f"an execution ended {shown['status']}: {shown['error']}")

    return to_the_end


def _turns(load: Load) -> Iterator[None]:
    """A turn for each call; shared by all callers."""
    deadline = None if load.seconds is None else time.perf_counter() + load.seconds
    made = 0
    while (load.total is None or made < load.total) and (deadline is None or time.perf_counter() < deadline):
        made += 1
        yield


async def _make_calls(load: Load) -> Outcome:
    loop = asyncio.get_running_loop()
    call = _call(load)
    opened = [await loop.create_connection(Connection, "127.0.0.1", load.port) for _ in range(load.callers)]
    took: list[float] = []

    async def caller(connection: Connection, turns: Iterator[None]) -> None:
        for _ in turns:
            sent = time.perf_counter()
            await call(connection)
            took.append(time.perf_counter() - sent)

    started_at, started, turns = time.time(), time.perf_counter(), _turns(load)
    await asyncio.gather(*(caller(connection, turns) for _, connection in opened))
    elapsed = time.perf_counter() - started
    for transport, _ in opened:
        transport.close()
    return Outcome(
        calls=len(took),
        elapsed=elapsed,
        p50=percentile(took, 0.5),
        p99=percentile(took, 0.99),
        started_at=started_at,
    )


def main() -> None:
    """Make the calls that standard input describes."""
    load = Load(**json.load(sys.stdin))
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            outcome = runner.run(_make_calls(load))
    except (BenchFailed, OSError) as error:
        sys.exit(str(error))
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()

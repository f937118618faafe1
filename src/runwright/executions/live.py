"""A running execution as a stream of server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from runwright.executions.signals import Signals
from runwright.executions.status import SETTLED, Status
from runwright.kit.json import Json, dumps

LOOK_AGAIN_S = 2.0
"""How often the row is looked at, and the connection kept open by a comment, when no signal comes."""

MAX_WAITING = 1_000
"""Live events kept for a slow reader; beyond that the oldest are dropped, since the final state has everything."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An execution as it is sent.

    Items, called executions and requests change its body within a revision; of those, the newest is sent now and then.
    """

    revision: int
    status: Status
    body: str


Show = Callable[[], Awaitable[Shown]]


async def events(execution_id: str, *, show: Show, signals: Signals) -> AsyncIterator[str]:
    """The execution whenever it changed, and its blocks' live events between, until it settles or the server stops."""
    waiting: list[str] = []
    with signals.changes(execution_id) as changed:

        def take(key: str, kind: str, data: Json) -> None:
            waiting.append(f"event: block\ndata: {dumps({'key': key, 'kind': kind, 'data': data})}\n\n")
            del waiting[:-MAX_WAITING]
            changed.set()

        stop = signals.watch(execution_id, take)
        try:
            async for event in _follow(show, waiting, changed, signals):
                yield event
        finally:
            stop()


async def _follow(show: Show, waiting: list[str], changed: asyncio.Event, signals: Signals) -> AsyncIterator[str]:
    sent, sent_at = Shown(revision=-1, status=Status.PENDING, body=""), 0.0
    while True:
        changed.clear()
        shown = await show()
        for event in waiting:
            yield event
        waiting.clear()
        if shown.revision != sent.revision or (shown.body != sent.body and monotonic() - sent_at >= LOOK_AGAIN_S):
            sent, sent_at = shown, monotonic()
            yield f"event: execution\nid: {shown.revision}\ndata: {shown.body}\n\n"
        if shown.status in SETTLED or signals.closed:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN_S):
                await changed.wait()
        if not changed.is_set():
            yield ": still here\n\n"

"""Finds executions that want a worker, and starts stretches for them in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
import structlog

from runwright.db.database import Database
from runwright.engine.anchor import Anchor
from runwright.executions import repository
from runwright.kit.clock import now_ms
from runwright.kit.ids import new_uuid

log = structlog.get_logger()

POLL_S = 1.0
"""How often the rows are asked for due executions, for those that no signal told of: waits, deadlines, releases."""

LINGER_S = 0.03
"""The least time between two stretches. Anchoring one costs the same however many executions it drives, so under load
they gather for a moment; a lone execution does not wait."""


class Dispatcher:
    """One per process. Signalled executions go first; a regular look at the rows finds the rest."""

    def __init__(self, database: Database, anchor: Anchor, *, room: Callable[[], int]) -> None:
        self._database = database
        self._anchor = anchor
        self._room = room
        self._signalled: dict[str, None] = {}
        self._starting: set[str] = set()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._last_start = 0.0

    def start(self) -> None:
        """Begin to dispatch."""
        self._task = asyncio.create_task(self._loop(), name="dispatcher")

    def signal(self, execution_id: str) -> None:
        """An execution is due now."""
        self._signalled[execution_id] = None
        self._wake.set()

    def claimed(self, ids: list[str]) -> None:
        """These executions arrived at their stretch (or turned out to be settled)."""
        self._starting.difference_update(ids)

    def room_left(self) -> None:
        """A place became free; look for more."""
        if self._signalled:
            self._wake.set()

    async def stop(self) -> None:
        """Start nothing more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _loop(self) -> None:
        while True:
            try:
                await self._dispatch()
            except Exception as error:
                log.error("dispatch.failed", error=str(error), exc_info=error)
                await asyncio.sleep(POLL_S)
            await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()
        since = asyncio.get_running_loop().time() - self._last_start
        await asyncio.sleep(max(0.0, LINGER_S - since))

    async def _dispatch(self) -> None:
        room = self._room() - len(self._starting)
        if room <= 0:
            return
        ids = self._take_signalled(room) or await self._database.read(partial(self._due, limit=room))
        if not ids:
            return
        self._last_start = asyncio.get_running_loop().time()
        self._starting.update(ids)
        try:
            await self._anchor.start(new_uuid(), ids)
        except BaseException:
            self._starting.difference_update(ids)
            raise

    def _take_signalled(self, limit: int) -> list[str]:
        ids = [key for key, _ in zip(self._signalled, range(limit), strict=False)]
        for execution_id in ids:
            del self._signalled[execution_id]
        if self._signalled:
            self._wake.set()
        return [execution_id for execution_id in ids if execution_id not in self._starting]

    def _due(self, conn: sa.Connection, *, limit: int) -> list[str]:
        found = repository.due_ids(conn, now=now_ms(), limit=limit + len(self._starting))
        return [execution_id for execution_id in found if execution_id not in self._starting][:limit]

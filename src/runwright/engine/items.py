"""Runs the inner block of a ``map`` block for every item of its list, from the items' own rows."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from runwright.blocks.base import BlockError, BlockResult, CeilingReached, Completed, ItemResult, NeedsReview, Parked
from runwright.db.database import Database
from runwright.executions import items, transitions
from runwright.executions.items import ItemPlace, ItemState
from runwright.executions.status import SETTLED, Status
from runwright.kit.clock import Millis, now_ms
from runwright.kit.json import Json
from runwright.kit.text import storable
from runwright.workflows.definition import Retry

SHORT_PAUSE_MS = 2_000
"""A pause up to this long is slept through; before a longer one the whole block parks."""

REPORT_MS = 200
"""The least time between two live reports of progress."""

RunItem = Callable[[int, Json, ItemState], Awaitable[BlockResult | BlockError]]


@dataclass(frozen=True, slots=True)
class MapItems:
    """The :class:`~runwright.blocks.base.Items` of one round of one ``map`` block."""

    database: Database
    place: ItemPlace
    fence: str
    run_item: RunItem
    retry: Retry
    emit: Callable[[str, Json], None]

    async def run_each(
        self, values: Sequence[Json], *, concurrency: int, stop_on_error: bool
    ) -> Sequence[ItemResult] | Parked:
        """See :class:`~runwright.blocks.base.Items`."""
        known = await self.database.read(partial(items.states, place=self.place))
        run = _Run(self, values, known, concurrency=concurrency, stop_on_error=stop_on_error)
        parked = await run.to_its_end()
        if parked is not None:
            return parked
        results = await self.database.read(partial(items.results, place=self.place))
        return [results.get(item, ItemResult()) for item in range(len(values))]

    async def write(self, states: Sequence[ItemState]) -> None:
        """Keep what became of items; returns when it is durable.

        Raises:
            Fenced: somebody else drives the execution now.
        """

        def unit(conn: sa.Connection) -> None:
            transitions.require_held(conn, self.place.execution_id, fence=self.fence)
            transitions.write_items(conn, self.place, states)

        await self.database.write(unit)


class NoItems:
    """The :class:`~runwright.blocks.base.Items` of every block that is no ``map`` block."""

    async def run_each(
        self, values: Sequence[Json], *, concurrency: int, stop_on_error: bool
    ) -> Sequence[ItemResult] | Parked:
        """Never called: only ``map`` blocks have an inner block."""
        raise NotImplementedError("only a map block runs a block for each item")


class _Run:
    """One pass over the items that are not settled."""

    def __init__(
        self,
        owner: MapItems,
        values: Sequence[Json],
        known: dict[int, ItemState],
        *,
        concurrency: int,
        stop_on_error: bool,
    ) -> None:
        self._owner = owner
        self._values = values
        self._states = known
        self._concurrency = concurrency
        self._stop_on_error = stop_on_error
        # Those that were begun come first: they hold places of the concurrency limit.
        begun = [item for item, state in known.items() if state.status not in SETTLED]
        fresh = [item for item in range(len(values)) if item not in known]
        self._waiting = deque([*begun, *fresh])
        self._parked: dict[int, Millis | None] = {}
        self._tasks: dict[asyncio.Task[BlockResult | BlockError], int] = {}
        self._unwritten: dict[int, ItemState] = {}
        self._ceiling: CeilingReached | None = None
        self._failed = any(state.status is Status.FAILED for state in known.values())
        self._reported_at = 0

    async def to_its_end(self) -> Parked | None:
        """Run until all items are settled (None), or all that are not have to wait."""
        try:
            while True:
                self._begin()
                await self._write()
                if self._tasks:
                    await self._take_in()
                elif not await self._sleep_through_pause():
                    break
        finally:
            await self._interrupt()
        self._report(last=True)
        if self._ceiling is not None:
            raise self._ceiling
        if not self._parked:
            return None
        if self._stop_on_error and self._failed:
            return None
        return Parked(until=self._next_due())

    def _begin(self) -> None:
        """Start items while there is room; one that pauses before a retry keeps its place."""
        self._unpark()
        while self._waiting and self._may_begin() and len(self._tasks) + len(self._parked) < self._concurrency:
            item = self._waiting.popleft()
            state = self._states.get(item) or ItemState(item, started_at=now_ms())
            if state.error is not None and state.due_at is not None and state.due_at > now_ms():
                self._parked[item] = state.due_at
                continue
            self._set(state.but(due_at=None))
            run = self._owner.run_item(item, self._values[item], state)
            self._tasks[asyncio.ensure_future(run)] = item

    def _may_begin(self) -> bool:
        return self._ceiling is None and not (self._stop_on_error and self._failed)

    def _unpark(self) -> None:
        now = now_ms()
        for item in [item for item, until in self._parked.items() if until is not None and until <= now]:
            del self._parked[item]
            self._waiting.appendleft(item)

    async def _take_in(self) -> None:
        due = self._next_due()
        timeout = None if due is None else max(0, due - now_ms()) / 1000
        done, _ = await asyncio.wait(self._tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            item = self._tasks.pop(task)
            try:
                self._apply(self._states[item], task.result())
            except CeilingReached as reached:
                self._ceiling = reached
        self._report()

    def _next_due(self) -> Millis | None:
        return min((until for until in self._parked.values() if until is not None), default=None)

    def _apply(self, state: ItemState, result: BlockResult | BlockError) -> None:
        now = now_ms()
        match result:
            case Completed(output=output):
                self._set(state.but(status=Status.COMPLETED, finished_at=now, output=storable(output), error=None))
            case Parked(until=until):
                self._set(state.but(due_at=until, error=None))
                self._parked[state.item] = until
            case BlockError() if result.retryable and state.attempt < self._owner.retry.attempts:
                pause = self._owner.retry.backoff * 2 ** (state.attempt - 1)
                due = now + int(pause * 1000)
                self._set(state.but(attempt=state.attempt + 1, due_at=due, error=storable(str(result))))
                self._parked[state.item] = due
            case BlockError():
                self._failed = True
                self._set(state.but(status=Status.FAILED, finished_at=now, error=storable(str(result))))
            case NeedsReview():
                raise AssertionError("the inner block of a map cannot ask for a review")

    def _set(self, state: ItemState) -> None:
        self._states[state.item] = self._unwritten[state.item] = state

    async def _write(self) -> None:
        if self._unwritten:
            states = list(self._unwritten.values())
            self._unwritten.clear()
            await self._owner.write(states)

    async def _sleep_through_pause(self) -> bool:
        """Wait for the next parked item if it is due soon; False when there is none, or nothing may begin any more."""
        due = self._next_due()
        if due is None or due - now_ms() > SHORT_PAUSE_MS or not self._may_begin():
            return False
        await asyncio.sleep(max(0, due - now_ms()) / 1000)
        return True

    def _report(self, *, last: bool = False) -> None:
        """Tell those who watch how far it is."""
        now = now_ms()
        if last or now - self._reported_at >= REPORT_MS:
            self._reported_at = now
            statuses = [state.status for state in self._states.values()]
            self._owner.emit(
                "items",
                {
                    "total": len(self._values),
                    "completed": statuses.count(Status.COMPLETED),
                    "failed": statuses.count(Status.FAILED),
                    "running": statuses.count(Status.RUNNING),
                },
            )

    async def _interrupt(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

"""The engine of one process: takes due executions, drives them, stops with grace."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import structlog

from runwright.blocks.base import Services
from runwright.config import Settings
from runwright.db.database import Database
from runwright.engine.anchor import Anchor
from runwright.engine.dispatcher import Dispatcher
from runwright.engine.driver import Driver
from runwright.engine.loading import Claimed, take
from runwright.engine.runner import Runner
from runwright.engine.upkeep import Claims, Upkeep
from runwright.executions import transitions
from runwright.executions.signals import Signal, Signals
from runwright.kit.clock import now_ms
from runwright.kit.ids import new_uuid
from runwright.observability.metrics import Metrics

log = structlog.get_logger()

EMBEDDED_WORKER = "embedded"
"""The worker of an embedded installation: always the same, so that a restart recovers what it left."""


class EngineRuntime:
    """Drives executions in this process until stopped."""

    def __init__(
        self,
        settings: Settings,
        *,
        database: Database,
        services: Services,
        signals: Signals,
        metrics: Metrics | None = None,
    ) -> None:
        self._settings = settings.engine
        self._database = database
        self._services = services
        self._signals = signals
        self._metrics = metrics if metrics is not None else Metrics()
        worker_id = EMBEDDED_WORKER if database.dialect == "sqlite" else new_uuid()
        self._anchor = Anchor(
            database, data_dir=Path(settings.data_dir), worker_id=worker_id, drive=self._drive_stretch
        )
        self._dispatcher = Dispatcher(database, self._anchor, room=self._room)
        self._upkeep = Upkeep(
            database,
            self._anchor,
            worker_id=worker_id,
            settings=settings.engine,
            claims=Claims(held=self._held, drop=self.interrupt),
        )
        self._drivers: dict[str, Driver] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._fences: dict[str, str] = {}
        self._stretches: set[str] = set()
        self.running = False

    async def start(self) -> None:
        """Begin: what an earlier process left is recovered, what is due is driven."""
        self.running = True
        self._anchor.launch()
        self._signals.listen(Signal.DUE, self._due)
        self._signals.listen(Signal.CANCELLED, self.interrupt)
        await self._upkeep.start()
        if self._database.dialect == "sqlite":
            # Nobody else works on this file: what is held without a record was lost with an earlier process.
            await self._upkeep.release_orphans(certain=True)
        self._dispatcher.start()

    async def stop(self) -> None:
        """Take nothing new, give running blocks their grace, and leave the rest to be recovered."""
        self.running = False
        await self._dispatcher.stop()
        for driver in self._drivers.values():
            driver.stop()
        if self._tasks:
            log.info("engine.stopping", executions=len(self._tasks), grace=self._settings.grace)
            _, late = await asyncio.wait(self._tasks.values(), timeout=self._settings.grace)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        await self._release()
        await self._upkeep.stop()
        await self._anchor.stop()

    async def _release(self) -> None:
        if self._stretches:
            await self._database.write(partial(transitions.release, stretches=sorted(self._stretches), now=now_ms()))

    @property
    def executions(self) -> int:
        """How many executions this process drives now."""
        return len(self._drivers)

    def interrupt(self, execution_id: str) -> None:
        """Stop driving an execution at once, interrupting its running blocks."""
        task = self._tasks.get(execution_id)
        if task is not None:
            task.cancel()

    def _due(self, execution_id: str) -> None:
        driver = self._drivers.get(execution_id)
        if driver is not None:
            driver.poke()
        self._dispatcher.signal(execution_id)

    def _room(self) -> int:
        return self._settings.max_running - len(self._drivers)

    def _held(self) -> dict[str, str]:
        return dict(self._fences)

    async def _drive_stretch(self, stretch: str, ids: list[str]) -> None:
        """The durable workflow's body; running it again takes over from whoever ran it before."""
        fence = new_uuid()
        self._stretches.add(stretch)
        try:
            claimed = await self._database.write(
                lambda conn: take(conn, ids, stretch=stretch, fence=fence, now=now_ms())
            )
        finally:
            self._dispatcher.claimed(ids)
        tasks = [self._drive(one, fence) for one in claimed]
        if tasks:
            await asyncio.wait(tasks)
        if self.running:
            # When stopping, executions may be left in the middle: the stretch stays, to be released.
            self._stretches.discard(stretch)

    def _drive(self, claimed: Claimed, fence: str) -> asyncio.Task[None]:
        execution_id = claimed.row.id
        driver = Driver(
            claimed,
            fence=fence,
            runner=Runner.of(
                claimed.row,
                claimed.definition,
                fence=fence,
                database=self._database,
                services=self._services,
                signals=self._signals,
            ),
            database=self._database,
            signals=self._signals,
            metrics=self._metrics,
        )
        task = asyncio.create_task(self._run(driver), name=f"execution:{execution_id}")
        self._drivers[execution_id] = driver
        self._tasks[execution_id] = task
        self._fences[execution_id] = fence
        task.add_done_callback(partial(self._finished, execution_id))
        return task

    async def _run(self, driver: Driver) -> None:
        with structlog.contextvars.bound_contextvars(execution_id=driver.execution_id):
            try:
                await driver.run()
            except Exception as error:
                log.error("execution.broke", exc_info=error)
                await driver.abandon(
                    f"The engine broke on something unforeseen ({type(error).__name__}). "
                    "This is a fault of Runwright; the server's log has the details."
                )

    def _finished(self, execution_id: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(execution_id) is task:
            del self._tasks[execution_id], self._drivers[execution_id], self._fences[execution_id]
        self._dispatcher.room_left()

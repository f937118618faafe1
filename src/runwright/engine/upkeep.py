"""What keeps the engine true over time: heartbeats, lost workers, orphaned stretches, drivers that lost their claim."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
import structlog

from runwright.config import EngineSettings
from runwright.db.database import Database, upsert
from runwright.engine.anchor import Anchor
from runwright.engine.models import workers
from runwright.executions import repository, transitions
from runwright.executions.models import idempotency_keys
from runwright.kit.clock import Millis, now_ms

log = structlog.get_logger()

SWEEP_S = 10.0
"""How often orphans are looked for. """

FORGET_S = 60.0
IDEMPOTENCY_KEPT_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Claims:
    """What this process drives: its fences by execution, and how to make it let go."""

    held: Callable[[], dict[str, str]]
    drop: Callable[[str], None]


class Upkeep:
    """The engine's regular duties, each a small unit of work that is safe to be missed or repeated."""

    def __init__(
        self, database: Database, anchor: Anchor, *, worker_id: str, settings: EngineSettings, claims: Claims
    ) -> None:
        self._database = database
        self._anchor = anchor
        self._worker_id = worker_id
        self._settings = settings
        self._claims = claims
        self._started_at = now_ms()
        self._suspects: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Report this worker as alive, and begin the duties."""
        await self._database.write(self._beat)
        for period, duty in (
            (self._settings.heartbeat, self._heartbeat),
            (SWEEP_S, self._sweep),
            (FORGET_S, self._forget),
        ):
            self._tasks.append(asyncio.create_task(_every(period, duty), name=f"upkeep:{duty.__name__}"))

    async def stop(self) -> None:
        """End the duties and sign off."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._database.write(partial(_sign_off, worker_id=self._worker_id))

    async def _heartbeat(self) -> None:
        await self._database.write(self._beat)
        await self._leave_lost_claims()
        if self._database.dialect == "postgresql":
            await self._bury_the_dead()

    def _beat(self, conn: sa.Connection) -> None:
        row = {
            "id": self._worker_id,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "started_at": self._started_at,
            "heartbeat_at": now_ms(),
        }
        upsert(conn, workers, [row], update=["host", "pid", "started_at", "heartbeat_at"])

    async def _leave_lost_claims(self) -> None:
        """Interrupt what was cancelled, or taken over, by a process whose signal did not arrive."""
        held = self._claims.held()
        if not held:
            return
        stored = await self._database.read(partial(repository.fences, ids=list(held)))
        for execution_id, fence in held.items():
            if stored.get(execution_id) != fence:
                self._claims.drop(execution_id)

    async def _bury_the_dead(self) -> None:
        """Have the stretches of workers that fell silent run again elsewhere.

        One survivor alone does it: it renews the heartbeat for the lost one first, so that the others look away, and
        should it die meanwhile, they see the silence again. A worker that only seemed dead finds its claims fenced.
        """
        horizon = now_ms() - int(self._settings.dead_after * 1000)
        for worker_id in await self._database.write(partial(self._take_charge, before=horizon)):
            count = await self._anchor.take_over(worker_id)
            log.warning("worker.lost", worker_id=worker_id, stretches=count)
            await self._database.write(partial(_sign_off, worker_id=worker_id))

    def _take_charge(self, conn: sa.Connection, *, before: Millis) -> list[str]:
        statement = (
            workers.update()
            .where(workers.c.heartbeat_at < before, workers.c.id != self._worker_id)
            .values(heartbeat_at=now_ms())
            .returning(workers.c.id)
        )
        return list(conn.execute(statement).scalars())

    async def _sweep(self) -> None:
        await self.release_orphans(certain=False)

    async def release_orphans(self, *, certain: bool) -> None:
        """Release executions held by a stretch that nobody will run: its record was lost with the power.

        Unless ``certain``, one is released only when two looks running find it.
        """
        held = await self._database.read(repository.held_stretches)
        orphans = held - await self._anchor.alive(held) if held else set()
        lost = orphans if certain else orphans & self._suspects
        self._suspects = orphans
        if lost:
            count = await self._database.write(partial(transitions.release, stretches=sorted(lost), now=now_ms()))
            log.warning("stretches.released", stretches=len(lost), executions=count)

    async def _forget(self) -> None:
        more = True
        while more:
            more = await self._anchor.forget_finished() > 0
        await self._database.write(self._forget_idempotency_keys)

    def _forget_idempotency_keys(self, conn: sa.Connection) -> None:
        horizon = now_ms() - IDEMPOTENCY_KEPT_MS
        conn.execute(idempotency_keys.delete().where(idempotency_keys.c.created_at < horizon))


def _sign_off(conn: sa.Connection, *, worker_id: str) -> None:
    conn.execute(workers.delete().where(workers.c.id == worker_id))


async def _every(period: float, duty: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(period)
        try:
            await duty()
        except Exception as error:
            # The next round tries again; a database that is away for a while must not end the duty.
            log.error("upkeep.failed", duty=getattr(duty, "__name__", "?"), error=str(error))

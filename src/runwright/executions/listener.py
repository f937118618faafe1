"""Passes on, in this process, the signals that other processes announce over PostgreSQL."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import psycopg
import sqlalchemy as sa
import structlog

from runwright.db.database import Database
from runwright.executions.signals import CHANNEL, Signal, Signals, origin

log = structlog.get_logger()

RECONNECT_S = 2.0


class Listener:
    """Holds one connection that listens; while it is lost, signals are missed and regular looks find the changes."""

    def __init__(self, database: Database, signals: Signals) -> None:
        self._address = _conninfo(database.engine.url)
        self._signals = signals
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._listen_forever(), name="signals-listener")

    async def stop(self) -> None:
        """Listen no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _listen_forever(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                log.warning("signals.listener_lost", error=str(error))
            await asyncio.sleep(RECONNECT_S)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._address, autocommit=True) as conn:
            await conn.execute(f"LISTEN {CHANNEL}")
            async for notice in conn.notifies():
                self._pass_on(notice.payload)

    def _pass_on(self, payload: str) -> None:
        name, _, rest = payload.partition(" ")
        execution_id, _, sender = rest.partition(" ")
        if name in set(Signal) and sender != origin():
            self._signals.send(Signal(name), [execution_id])


def _conninfo(url: sa.URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)

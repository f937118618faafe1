"""PostgreSQL through psycopg 3: units of work run in a pool of threads, one connection each."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa

from runwright.db.database import Database, Work

T = TypeVar("T")

POOL_SIZE = 12
ATTEMPTS = 5
"""How often a unit is tried when units that lock the same rows in another order meet."""

_TRY_AGAIN = frozenset({"40P01", "40001"})
"""deadlock_detected, serialization_failure: everything of the unit was undone."""


def sqlalchemy_url(url: str) -> sa.URL:
    """The address with our driver named, whatever driver, or none, it came with."""
    return sa.make_url(url).set(drivername="postgresql+psycopg")


class PostgresDatabase(Database):
    """A PostgreSQL database shared by any number of servers and workers."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = sqlalchemy_url(url)
        self._engine = sa.create_engine(
            self.url,
            pool_size=POOL_SIZE,
            max_overflow=4,
            # A connection that died while idle (server restarted) is noticed before it is used.
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "application_name": "runwright"},
        )
        self._threads = ThreadPoolExecutor(max_workers=POOL_SIZE, thread_name_prefix="postgres")

    @property
    def engine(self) -> sa.Engine:
        return self._engine

    async def read(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.read_sync, work)

    async def write(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.write_sync, work)

    def read_sync(self, work: Work[T]) -> T:
        with self._engine.connect() as conn:
            return work(conn)

    def write_sync(self, work: Work[T]) -> T:
        for _ in range(ATTEMPTS - 1):
            try:
                return self._write_once(work)
            except sa.exc.OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in _TRY_AGAIN:
                    raise
        return self._write_once(work)

    def _write_once(self, work: Work[T]) -> T:
        with self._engine.begin() as conn:
            return work(conn)

    async def close(self) -> None:
        await asyncio.to_thread(self.close_sync)

    def close_sync(self) -> None:
        self._threads.shutdown()
        self._engine.dispose()

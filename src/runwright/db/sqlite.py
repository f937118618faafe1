"""SQLite with write-ahead log: many readers, one writer that commits what waits for it together."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from runwright.db.database import Database, Work

T = TypeVar("T")

BUSY_TIMEOUT_MS = 30_000
MAX_BATCH = 128
"""Units in one commit: enough to share the disk's sync, few enough that the event loop is not held for long."""


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{path}",
        isolation_level="AUTOCOMMIT",
        poolclass=sa.pool.QueuePool,
        pool_size=4,
        max_overflow=16,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # FULL: an acknowledged trigger survives a power cut, not only a crash of the process.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(engine, "connect", prepare)
    return engine


def _raw(conn: sa.Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, conn.connection.dbapi_connection)


@contextmanager
def _transaction(conn: sa.Connection, begin: str) -> Iterator[None]:
    raw = _raw(conn)
    raw.execute(begin)
    try:
        yield
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise
    raw.execute("COMMIT")


@dataclass(slots=True)
class _Unit:
    work: Work[Any]
    done: asyncio.Future[Any]


class _Writer:
    """Runs units on the one writing connection, inside the event loop; only the commit, which syncs the disk,
    goes to a thread, and units that arrive meanwhile share the next commit.

    Statements cost microseconds, so running them in the loop is cheaper than handing each to a thread.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._conn = engine.connect()
        self._waiting: deque[_Unit] = deque()
        self._flusher: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-commit")
        # In the loop a lock held by another process must not be waited for; the thread waits for it.
        _raw(self._conn).execute("PRAGMA busy_timeout=0")

    async def run(self, work: Work[T]) -> T:
        loop = asyncio.get_running_loop()
        unit = _Unit(work=work, done=loop.create_future())
        self._waiting.append(unit)
        if self._flusher is None:
            self._flusher = loop.create_task(self._flush())
        return cast(T, await unit.done)

    async def _flush(self) -> None:
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(MAX_BATCH, len(self._waiting)))]
                await self._commit_together(batch)
        finally:
            self._flusher = None

    async def _commit_together(self, batch: list[_Unit]) -> None:
        try:
            await self._begin()
            outcomes = [self._outcome(unit) for unit in batch]
            await self._in_thread("COMMIT")
        except Exception as error:
            if _raw(self._conn).in_transaction:
                await self._in_thread("ROLLBACK")
            outcomes = [error] * len(batch)
        for unit, outcome in zip(batch, outcomes, strict=True):
            if unit.done.done():
                continue
            if isinstance(outcome, BaseException):
                unit.done.set_exception(outcome)
            else:
                unit.done.set_result(outcome[0])

    def _outcome(self, unit: _Unit) -> tuple[Any] | Exception:
        """Run one unit inside a savepoint: its value in a tuple, or the error it ended with."""
        raw = _raw(self._conn)
        raw.execute("SAVEPOINT unit")
        try:
            value = unit.work(self._conn)
        except Exception as error:
            if not raw.in_transaction:
                # SQLite undid the whole transaction by itself (disk full, I/O error): nobody's unit stands.
                raise
            raw.execute("ROLLBACK TO unit")
            raw.execute("RELEASE unit")
            return error
        raw.execute("RELEASE unit")
        return (value,)

    async def _begin(self) -> None:
        raw = _raw(self._conn)
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise _wrapped(error) from error
            await asyncio.get_running_loop().run_in_executor(self._thread, self._begin_patiently)

    def _begin_patiently(self) -> None:
        raw = _raw(self._conn)
        raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise _wrapped(error) from error
        finally:
            raw.execute("PRAGMA busy_timeout=0")

    async def _in_thread(self, statement: str) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, _raw(self._conn).execute, statement)
        except sqlite3.Error as error:
            raise _wrapped(error) from error

    async def close(self) -> None:
        while self._flusher is not None:
            await asyncio.wait([self._flusher])
        self.close_sync()

    def close_sync(self) -> None:
        self._thread.shutdown()
        self._conn.close()


def _wrapped(error: sqlite3.Error) -> sa.exc.OperationalError:
    return sa.exc.OperationalError("transaction", None, error)


class SqliteDatabase(Database):
    """The embedded database: one file, owned by one server process, with commands working beside it."""

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = _engine(path)
        self._writer: _Writer | None = None
        self._reader: sa.Connection | None = None

    @property
    def engine(self) -> sa.Engine:
        return self._engine

    async def read(self, work: Work[T]) -> T:
        # In the loop: in WAL mode a reader waits for nobody, and a hop to a thread costs more than the query.
        if self._reader is None:
            self._reader = self._engine.connect()
        with _transaction(self._reader, "BEGIN"):
            return work(self._reader)

    async def write(self, work: Work[T]) -> T:
        if self._writer is None:
            self._writer = _Writer(self._engine)
        return await self._writer.run(work)

    def read_sync(self, work: Work[T]) -> T:
        with self._engine.connect() as conn, _transaction(conn, "BEGIN"):
            return work(conn)

    def write_sync(self, work: Work[T]) -> T:
        with self._engine.connect() as conn, _transaction(conn, "BEGIN IMMEDIATE"):
            return work(conn)

    async def close(self) -> None:
        if self._writer is not None:
            await self._writer.close()
            self._writer = None
        self.close_sync()

    def close_sync(self) -> None:
        if self._writer is not None:
            self._writer.close_sync()
            self._writer = None
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        self._engine.dispose()

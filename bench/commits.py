"""The floor of every execution: its durable commits, with nothing around them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bench.calls import percentile
from bench.installation import BLOCKS

COMMITS = BLOCKS + 2
"""The trigger, each block, the end."""

_TABLES = (
    "CREATE TABLE executions (id INTEGER PRIMARY KEY, status TEXT NOT NULL, payload TEXT NOT NULL, finished INTEGER)",
    "CREATE TABLE blocks (execution INTEGER, key TEXT, status TEXT NOT NULL, output TEXT, "
    "PRIMARY KEY (execution, key))",
)


class Cursor(Protocol):
    """What the cursors of sqlite3 and psycopg have in common."""

    def execute(self, statement: Any, /) -> Any: ...

    def executemany(self, statement: Any, rows: Any, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Floor:
    """How fast a shape of commits goes; times in seconds."""

    rate: float
    """Executions per second."""
    p50: float
    """From the first commit of an execution to its last."""
    cpu: float
    """Processor time for each execution, of this process."""


@contextmanager
def connected(folder: Path, *, database_url: str | None) -> Iterator[Cursor]:
    """A cursor whose commits are durable, on the disk that the server uses."""
    if database_url is None:
        conn = sqlite3.connect(folder / "floor.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            conn.execute(f"PRAGMA {pragma}")
        try:
            yield conn.cursor()
        finally:
            conn.close()
    else:
        import psycopg

        with psycopg.connect(database_url, autocommit=True) as opened:
            # Nothing around the commits: statements are planned once, as SQLite's are.
            opened.prepare_threshold = 0
            yield opened.cursor()


class Commits:
    """Makes the commits of executions: as many as the law asks, each of one row."""

    def __init__(self, cursor: Cursor, *, mark: str) -> None:
        self._cursor = cursor
        self._insert = f"INSERT INTO executions VALUES ({mark}, 'pending', '{{}}', NULL)"
        self._block = f"INSERT INTO blocks VALUES ({mark}, {mark}, 'completed', 'Hello')"
        self._finish = f"UPDATE executions SET status = 'completed', finished = {mark} WHERE id = {mark}"
        self._next = 0
        for statement in _TABLES:
            cursor.execute(statement)

    def measure(self, seconds: float, *, together: int = 1) -> Floor:
        """Run executions for some seconds; ``together`` of them share each commit."""
        took: list[float] = []
        cpu, began = time.process_time(), time.perf_counter()
        while (now := time.perf_counter()) < began + seconds:
            self._run(together)
            took.append(time.perf_counter() - now)
        elapsed, made = time.perf_counter() - began, len(took) * together
        return Floor(rate=made / elapsed, p50=percentile(took, 0.5), cpu=(time.process_time() - cpu) / made)

    def _run(self, together: int) -> None:
        ids = range(self._next, self._next + together)
        self._next += together
        self._commit(self._insert, [(one,) for one in ids])
        for number in range(BLOCKS):
            self._commit(self._block, [(one, f"block-{number}") for one in ids])
        self._commit(self._finish, [(1, one) for one in ids])

    def _commit(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        self._cursor.execute("BEGIN")
        self._cursor.executemany(statement, rows)
        self._cursor.execute("COMMIT")

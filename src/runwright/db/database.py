"""The way to the database: units of work, plain functions over a connection, run whole or not at all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

if TYPE_CHECKING:
    from runwright.config import Settings

T = TypeVar("T")
Work = Callable[[sa.Connection], T]
"""A unit of work: does its statements on the connection and returns a value. It must not sleep or compute for long, and
must change nothing but the database: after a deadlock it is run again."""


class Database(ABC):
    """One database, SQLite or PostgreSQL, with the same behaviour.

    Errors of the database itself (disk full, connection lost) come out as ``sqlalchemy.exc.DBAPIError``.
    """

    dialect: str
    """``sqlite`` or ``postgresql``."""

    @abstractmethod
    async def read(self, work: Work[T]) -> T:
        """Run a unit that only reads, on one consistent snapshot."""

    @abstractmethod
    async def write(self, work: Work[T]) -> T:
        """Run a unit that writes; returns when it is durably committed.

        An exception in the unit undoes that unit alone and is raised here.
        """

    @abstractmethod
    def read_sync(self, work: Work[T]) -> T:
        """:meth:`read` for code without an event loop."""

    @abstractmethod
    def write_sync(self, work: Work[T]) -> T:
        """:meth:`write` for code without an event loop."""

    @property
    @abstractmethod
    def engine(self) -> sa.Engine:
        """The SQLAlchemy engine behind it, for migrations and for the durable-execution library."""

    @abstractmethod
    async def close(self) -> None:
        """Finish what was accepted and let go of every connection."""

    @abstractmethod
    def close_sync(self) -> None:
        """:meth:`close` for code without an event loop."""


def open_database(settings: Settings) -> Database:
    """Open the database that the settings name; nothing is created or migrated yet, but for the data folder."""
    if settings.database_url is not None:
        from runwright.db.postgres import PostgresDatabase

        return PostgresDatabase(settings.database_url.get_secret_value())
    from runwright.db.sqlite import SqliteDatabase

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return SqliteDatabase(settings.data_dir / "runwright.db")


def upsert(
    conn: sa.Connection,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    update: Sequence[str],
) -> None:
    """Insert rows; where the primary key is there already, set the named columns instead. What a row lacks is NULL."""
    empty = _empty_row(table)
    conn.execute(_upsert_text(table, tuple(update)), [{**empty, **row} for row in rows])


def insert_ignore(conn: sa.Connection, table: sa.Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless it clashes with a unique key; whether it was inserted. What it lacks is NULL."""
    return conn.execute(_insert_ignore_text(table), {**_empty_row(table), **row}).first() is not None


# Written out and kept, because SQLAlchemy compiles an INSERT with a conflict clause anew at every use, which costs
# more than running it. Both databases speak this form.


@cache
def _upsert_text(table: sa.Table, update: tuple[str, ...]) -> sa.TextClause:
    assignments = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in update)
    return sa.text(f"{_insert(table)} ON CONFLICT ({_key(table)}) DO UPDATE SET {assignments}")


@cache
def _insert_ignore_text(table: sa.Table) -> sa.TextClause:
    return sa.text(f"{_insert(table)} ON CONFLICT DO NOTHING RETURNING {_key(table)}")


@cache
def _empty_row(table: sa.Table) -> Mapping[str, None]:
    return dict.fromkeys(column.name for column in table.columns)


def _insert(table: sa.Table) -> str:
    names = [column.name for column in table.columns]
    columns, values = ", ".join(map(_quoted, names)), ", ".join(f":{name}" for name in names)
    # Table and column names are the program's own.
    return f"INSERT INTO {_quoted(table.name)} ({columns}) VALUES ({values})"  # noqa: S608


def _key(table: sa.Table) -> str:
    return ", ".join(_quoted(column.name) for column in table.primary_key.columns)


def _quoted(name: str) -> str:
    return f'"{name}"'

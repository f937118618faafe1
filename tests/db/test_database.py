"""Units of work on both databases: whole or not at all, durable, and consistent for readers."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from runwright.accounts.models import organizations
from runwright.config import Settings
from runwright.db import schema
from runwright.db.database import Database, insert_ignore, open_database, upsert
from runwright.db.schema import SchemaFromTheFuture, SchemaState, migrate, state_of
from runwright.db.tables import metadata

pytestmark = pytest.mark.anyio


def row(name: str) -> dict[str, object]:
    return {"id": name, "name": name, "created_at": 1}


def names(conn: sa.Connection) -> list[str]:
    return list(conn.execute(sa.select(organizations.c.name).order_by(organizations.c.name)).scalars())


async def test_many_concurrent_writes_all_land(async_database: Database) -> None:
    async def write(number: int) -> int:
        def unit(conn: sa.Connection) -> int:
            conn.execute(organizations.insert(), row(f"org{number:03}"))
            return number

        return await async_database.write(unit)

    results = await asyncio.gather(*(write(n) for n in range(300)))
    assert results == list(range(300))
    assert len(await async_database.read(names)) == 300


async def test_a_failing_unit_undoes_itself_alone(async_database: Database) -> None:
    def good(conn: sa.Connection) -> None:
        conn.execute(organizations.insert(), row("good"))

    def bad(conn: sa.Connection) -> None:
        conn.execute(organizations.insert(), row("bad"))
        raise ValueError("no")

    def clash(conn: sa.Connection) -> None:
        conn.execute(organizations.insert(), row("twice"))
        conn.execute(organizations.insert(), row("twice"))

    outcomes = await asyncio.gather(
        *(async_database.write(unit) for unit in (good, bad, clash)), return_exceptions=True
    )
    assert outcomes[0] is None
    assert isinstance(outcomes[1], ValueError)
    assert isinstance(outcomes[2], sa.exc.IntegrityError)
    assert await async_database.read(names) == ["good"]


async def test_a_cancelled_caller_leaves_the_writer_working(async_database: Database) -> None:
    def unit(conn: sa.Connection) -> None:
        conn.execute(organizations.insert(), row("first"))

    task = asyncio.create_task(async_database.write(unit))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await async_database.write(lambda conn: conn.execute(organizations.insert(), row("second")) and None)
    assert "second" in await async_database.read(names)


def test_upsert_and_insert_ignore(database: Database) -> None:
    def unit(conn: sa.Connection) -> tuple[bool, bool]:
        first = insert_ignore(conn, organizations, row("a"))
        again = insert_ignore(conn, organizations, row("a"))
        upsert(conn, organizations, [{**row("a"), "name": "b"}, row("c")], update=["name"])
        return first, again

    assert database.write_sync(unit) == (True, False)
    assert database.read_sync(names) == ["b", "c"]


async def test_a_lock_held_by_another_process_is_waited_for(sqlite_settings: Settings) -> None:
    database = open_database(sqlite_settings)
    other = sqlite3.connect(sqlite_settings.data_dir / "runwright.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    write = asyncio.create_task(database.write(lambda conn: conn.execute(organizations.insert(), row("late")) and None))
    await asyncio.sleep(0.2)
    assert not write.done()
    assert await database.read(names) == []
    other.execute("COMMIT")
    await write
    assert await database.read(names) == ["late"]
    other.close()
    await database.close()


def test_migrations_make_the_tables_the_code_describes(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
        assert state_of(conn) is SchemaState.CURRENT
    assert migrate(database) is False


def test_a_schema_from_the_future_is_refused(database: Database) -> None:
    database.write_sync(lambda conn: conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(SchemaFromTheFuture, match="9999"):
        migrate(database)


def test_an_empty_folder_is_migrated_from_nothing(tmp_path: Path) -> None:
    database = open_database(Settings(data_dir=tmp_path / "new", database_url=None))
    with database.engine.connect() as conn:
        assert state_of(conn) is SchemaState.EMPTY
    assert migrate(database) is True
    assert schema.revisions()[-1] == database.read_sync(schema.revision_of)
    database.close_sync()


async def test_units_that_lock_the_same_rows_in_another_order_both_succeed(async_database: Database) -> None:
    await async_database.write(lambda conn: conn.execute(organizations.insert(), [row("a"), row("b")]) and None)

    def rename(first: str, second: str) -> Callable[[sa.Connection], None]:
        def unit(conn: sa.Connection) -> None:
            for name in (first, second):
                conn.execute(organizations.update().where(organizations.c.id == name).values(name=f"{name}!"))
                if async_database.dialect == "postgresql":
                    conn.execute(sa.text("SELECT pg_sleep(0.2)"))

        return unit

    await asyncio.gather(async_database.write(rename("a", "b")), async_database.write(rename("b", "a")))
    assert await async_database.read(names) == ["a!", "b!"]

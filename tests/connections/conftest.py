"""An organization with a project, and the API as its key sees it, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from runwright.app import create_app
from runwright.config import Settings
from runwright.db.database import Database
from tests.support import Tenant, add_tenant


@pytest.fixture
def tenant(database: Database) -> Tenant:
    """An organization in the database of tests without an event loop."""
    return database.write_sync(add_tenant)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application, without anything that works in the background."""
    made = create_app(settings, work=False)
    yield made
    await made.state.background.finish()
    await made.state.database.close()


@pytest.fixture
async def served(app: FastAPI) -> Tenant:
    """An organization in the application's database."""
    database: Database = app.state.database
    return await database.write(add_tenant)


@pytest.fixture
async def api(app: FastAPI, served: Tenant) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of ``/api/v1`` with the organization's key."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"x-api-key": served.secret}
    base_url = "http://runwright.example/api/v1"
    async with httpx.AsyncClient(transport=transport, base_url=base_url, headers=headers) as client:
        yield client

"""An organization with a project, and the API as its key sees it, on both databases."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from runwright.app import create_app
from runwright.config import HttpSettings, McpSettings, Settings
from runwright.db.database import Database
from tests.support import Tenant, add_tenant


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application, without anything that works in the background; this machine's own servers are open to it."""
    opened = settings.model_copy(
        update={
            "http": HttpSettings(allow_hosts=frozenset({"127.0.0.1"})),
            "mcp": McpSettings(stdio_commands=frozenset({sys.executable}), call_seconds=20),
        }
    )
    made = create_app(opened, work=False)
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

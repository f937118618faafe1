"""An organization, the API as its key sees it, and a running engine, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from runwright.app import create_app
from runwright.config import Settings
from runwright.db.database import Database
from runwright.integrations.storage.fake import MemoryStore
from runwright.integrations.storage.local import LocalStore
from tests.support import Tenant, add_tenant


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application with its engine."""
    settings.engine.grace = 1.0
    settings.storage.max_upload_bytes = 1_000_000
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


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


@pytest.fixture
def failing(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """A store that is full, in place of the application's own."""
    store = MemoryStore()
    store.fails = "the disk is full"
    monkeypatch.setattr(LocalStore, "put", store.put)
    return store

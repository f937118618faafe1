"""The application with its engine, and a store that is full."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from runwright.app import create_app
from runwright.config import Settings
from runwright.integrations.storage.fake import MemoryStore
from runwright.integrations.storage.local import LocalStore


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application with its engine."""
    settings.engine.grace = 1.0
    settings.storage.max_upload_bytes = 1_000_000
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
def failing(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """A store that is full, in place of the application's own."""
    store = MemoryStore()
    store.fails = "the disk is full"
    monkeypatch.setattr(LocalStore, "put", store.put)
    return store

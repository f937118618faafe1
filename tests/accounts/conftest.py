"""The server's API as its callers see it: over HTTP, in this process, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from runwright.accounts import keys, service
from runwright.accounts.bootstrap import Defaults, ensure_default
from runwright.accounts.models import Role
from runwright.app import create_app
from runwright.config import Settings
from runwright.db.database import Database

CSRF = {"X-Runwright-CSRF": "1"}

Client = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application, without anything that works in the background."""
    made = create_app(settings, work=False)
    yield made
    await made.state.background.finish()
    await made.state.database.close()


@pytest.fixture
def served(app: FastAPI) -> Database:
    """The application's database."""
    database: Database = app.state.database
    return database


@pytest.fixture
async def first(served: Database) -> Defaults:
    """What the first start makes."""
    return await served.write(ensure_default)


@pytest.fixture
def client(app: FastAPI) -> Client:
    """A caller of ``/api/v1``: with a key's secret, or as a browser."""

    def make(secret: str | None = None, *, address: str = "198.51.100.7") -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 40000)),
            base_url="http://runwright.example/api/v1",
            headers={"x-api-key": secret} if secret else CSRF,
        )

    return make


@pytest.fixture
async def owner_secret(served: Database, first: Defaults) -> str:
    """A key of the installation's first owner."""
    made = await served.write(
        lambda conn: keys.create_key(conn, org_id=first.org_id, user_id=first.user_id, name="owner")
    )
    return made.secret


def add_person(conn: sa.Connection, org_id: str, name: str, role: Role) -> str:
    """Make a member; the secret of a key of theirs."""
    user = service.create_user(conn, email=f"{name}@example.com", name=name)
    service.add_member(conn, by=Role.OWNER, org_id=org_id, user_id=user.id, role=role)
    return keys.create_key(conn, org_id=org_id, user_id=user.id, name=name).secret

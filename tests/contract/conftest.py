"""The whole application, called over HTTP as a client would, on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from runwright.app import create_app
from runwright.config import Settings
from runwright.db.database import Database
from tests import support
from tests.support import Tenant

HELLO = """
    version: 1
    name: Hello
    inputs:
      who: {required: true}
      greeting: {default: Hello}
    blocks:
      say: {type: template, text: "{{ greeting }} {{ who }}"}
      release-summary: {type: output, needs: [say], value: "{{ blocks.say.output }}!"}
"""

SLOW = """
    version: 1
    name: Slow
    inputs: {n: {default: "1"}}
    blocks:
      pause: {type: wait, seconds: 600}
      after: {type: template, needs: [pause], text: done}
"""


@dataclass
class Server:
    """The application with one organization in it."""

    app: FastAPI
    http: httpx.AsyncClient
    tenant: Tenant
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {"x-api-key": self.tenant.secret}

    @property
    def database(self) -> Database:
        database: Database = self.app.state.database
        return database

    async def publish(self, source: str = HELLO, *, tenant: Tenant | None = None, **options: Any) -> str:
        owner = tenant or self.tenant
        return await self.database.write(lambda conn: support.add_workflow(conn, owner, source, **options))

    async def trigger(self, workflow_id: str, body: Any = None, **options: Any) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        return await self.http.post(
            f"/api/workflows/{workflow_id}/trigger", json=body if body is not None else {}, headers=headers, **options
        )

    async def status(self, execution_id: str, **options: Any) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        return await self.http.get(f"/api/executions/{execution_id}", headers=headers, **options)

    async def finished(self, execution_id: str) -> dict[str, Any]:
        return await support.until(self.database, execution_id)


@asynccontextmanager
async def serving(settings: Settings, *, work: bool) -> AsyncIterator[Server]:
    app = create_app(settings, work=work)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://runwright.test") as http,
    ):
        tenant = await app.state.database.write(support.add_tenant)
        yield Server(app=app, http=http, tenant=tenant)


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Server]:
    """The application on a fresh database, with its engine."""
    async with serving(settings, work=True) as started:
        yield started


@pytest.fixture
async def front(settings: Settings) -> AsyncIterator[Server]:
    """The application as ``serve --no-worker`` starts it: it accepts and answers, nothing is driven."""
    async with serving(settings, work=False) as started:
        yield started

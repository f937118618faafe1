"""An engine that runs in the test's own event loop, on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from runwright.config import Settings
from runwright.db.database import Database, open_database
from runwright.engine.runtime import EngineRuntime
from runwright.executions.signals import Signal, Signals
from runwright.executions.status import Status
from runwright.services import make_services
from tests import support
from tests.engine.target import Target
from tests.support import Tenant


@dataclass
class Bench:
    """A running engine with an organization to run things in."""

    database: Database
    signals: Signals
    engine: EngineRuntime
    tenant: Tenant

    async def publish(self, source: str, **options: Any) -> str:
        return await self.database.write(lambda conn: support.add_workflow(conn, self.tenant, source, **options))

    async def start(self, workflow_id: str, payload: dict[str, str] | None = None, **options: Any) -> str:
        execution_id = await self.database.write(
            lambda conn: support.start(conn, self.tenant, workflow_id, payload, **options)
        )
        self.signals.send(Signal.DUE, [execution_id])
        return execution_id

    async def until(self, execution_id: str, *statuses: Status, within: float = 20.0) -> dict[str, Any]:
        return await support.until(self.database, execution_id, *statuses, within=within)

    async def run(self, source: str, payload: dict[str, str] | None = None, *statuses: Status) -> dict[str, Any]:
        """Publish, start, and follow to the end."""
        return await self.until(await self.start(await self.publish(source), payload), *statuses)


@pytest.fixture
def target() -> Iterator[Target]:
    """An HTTP server for blocks to call."""
    with Target().running() as running:
        yield running


@pytest.fixture
async def bench(settings: Settings) -> AsyncIterator[Bench]:
    """A running engine on a fresh database."""
    settings.http.allow_hosts = frozenset({"127.0.0.1"})
    settings.engine.grace = 1.0
    database = open_database(settings)
    services = make_services(settings)
    signals = Signals()
    engine = EngineRuntime(settings, database=database, services=services, signals=signals)
    tenant = await database.write(support.add_tenant)
    await engine.start()
    yield Bench(database=database, signals=signals, engine=engine, tenant=tenant)
    await engine.stop()
    await services.aclose()
    await database.close()

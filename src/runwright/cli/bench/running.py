"""Runs cases of workflow files in an installation of their own that is thrown away."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from runwright.accounts.bootstrap import Defaults, ensure_default
from runwright.blocks.agent import AgentConfig
from runwright.blocks.template import TemplateConfig
from runwright.config import Settings, StorageSettings
from runwright.db.database import Database, open_database
from runwright.db.schema import migrate
from runwright.engine.runtime import EngineRuntime
from runwright.executions import repository as executions
from runwright.executions import service as execution_service
from runwright.executions.models import checkpoints
from runwright.executions.signals import Signal, Signals
from runwright.executions.status import SETTLED
from runwright.executions.view import to_public
from runwright.integrations.llm.local_server import local_folder
from runwright.kit.clock import now_ms
from runwright.kit.money import Micros
from runwright.recordings.models import SCRIPTED
from runwright.recordings.player import Mode, Player, Session
from runwright.recordings.services import taped
from runwright.reviews import repository as reviews
from runwright.reviews.service import Decision, Verdict, decide
from runwright.services import Stored, make_services
from runwright.triggers.base import Start, TriggerType, start_execution
from runwright.workflows import repository, service
from runwright.workflows.cache import replace_definition
from runwright.workflows.definition import BlockDefinition, WorkflowDefinition
from runwright.workflows.parser import Prepared
from runwright.workflows.service import Owner
from runwright.workflows.tests_section import WorkflowTest

_LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Ran:
    """How a case ended: the status object of the API, and what it used. ``shown`` is None when it did not end in time.

    Tokens and cost are those of the answers, whether they were new or recorded; ``priced`` is false when the price of
    some is not known.
    """

    shown: dict[str, Any] | None
    seconds: float
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Micros = 0
    priced: bool = True


@dataclass(frozen=True, slots=True)
class Bench:
    """An engine on a database of its own."""

    database: Database
    signals: Signals
    defaults: Defaults
    player: Player

    async def run(self, prepared: Prepared, case: WorkflowTest, *, session: Session, seconds: float) -> Ran:
        """Run one case of a workflow within this time."""
        self.player.session = session
        started = time.monotonic()
        definition = _prepared_for(prepared.definition, case)
        execution_id = await self.database.write(partial(self._start, prepared, definition, case))
        self.signals.send(Signal.DUE, [execution_id])
        shown: dict[str, Any] | None = None
        try:
            async with asyncio.timeout(seconds):
                shown = await self._to_its_end(execution_id, case)
        except TimeoutError:
            self.signals.send(Signal.CANCELLED, [execution_id])
        used = await self.database.read(partial(_used, execution_id=execution_id))
        return replace(used, shown=shown, seconds=time.monotonic() - started)

    def _start(
        self, prepared: Prepared, definition: WorkflowDefinition, case: WorkflowTest, conn: sa.Connection
    ) -> str:
        org_id, project_id = self.defaults.org_id, self.defaults.project_id
        owner = Owner(org_id=org_id, user_id=self.defaults.user_id)
        workflow = service.create(conn, owner, prepared, project_id=project_id, publish=True)
        version = repository.find_version(conn, org_id, workflow.id, workflow.latest_number)
        assert version is not None
        replace_definition(version.id, definition)
        start = Start(
            org_id=org_id,
            project_id=project_id,
            workflow_id=workflow.id,
            version_id=version.id,
            definition=definition,
            trigger=TriggerType.MANUAL,
            payload=case.inputs,
            metadata={"stubs": case.stubs},
        )
        return start_execution(conn, start).execution_id

    async def _to_its_end(self, execution_id: str, case: WorkflowTest) -> dict[str, Any]:
        while True:
            shown = await self.database.read(partial(_show, execution_id=execution_id))
            if shown["status"] in SETTLED:
                return shown
            if await self.database.write(partial(self._decide, execution_id=execution_id, case=case)):
                self.signals.send(Signal.DUE, [execution_id])
            await asyncio.sleep(_LOOK_S)

    def _decide(self, conn: sa.Connection, *, execution_id: str, case: WorkflowTest) -> bool:
        """Decide the open reviews as the case says; whether there were any."""
        org_id = self.defaults.org_id
        found = reviews.list_page(conn, org_id, limit=100, execution_id=execution_id)
        for review in found:
            verdict = Verdict(
                decision=Decision(case.reviews.get(review.block_key, "approve")), comment="Decided by the test"
            )
            decide(conn, org_id, review.id, verdict=verdict, user_id=self.defaults.user_id, now=now_ms())
        return bool(found)


@asynccontextmanager
async def open_bench(settings: Settings, *, stored: Stored | None = None) -> AsyncIterator[Bench]:
    """A bench with what ``stored`` has set up for requests that go out, if anything."""
    with tempfile.TemporaryDirectory(prefix="runwright-test-") as folder:
        models = settings.models.model_copy(update={"local_dir": local_folder(settings.models, settings.data_dir)})
        # Nothing of a test is kept: neither in the installation's database, nor in its storage of files.
        empty = {"data_dir": Path(folder), "database_url": None, "secret_key": None}
        changes = {**empty, "models": models, "storage": StorageSettings()}
        own = settings.model_copy(update=changes)
        player = Player(Session(mode=Mode.REPLAY, test=""))
        database, signals = open_database(own), Signals()
        await asyncio.to_thread(migrate, database)
        services = taped(make_services(own, stored), player)
        engine = EngineRuntime(own, database=database, services=services, signals=signals)
        try:
            defaults = await database.write(ensure_default)
            await engine.start()
            yield Bench(database, signals, defaults, player)
        finally:
            await engine.stop()
            await services.aclose()
            await database.close()


def _prepared_for(definition: WorkflowDefinition, case: WorkflowTest) -> WorkflowDefinition:
    """The workflow with blocks that say what the case has them say; their needs, conditions and reviews stay."""
    stubs = {key: _stubbed(block) for key, block in definition.blocks.items() if key in case.stubs}
    scripted = {key: _scripted(block) for key, block in definition.blocks.items() if key in case.answers}
    return replace(definition, blocks={**definition.blocks, **stubs, **scripted})


def _stubbed(block: BlockDefinition) -> BlockDefinition:
    return replace(block, type="template", config=TemplateConfig(text=f"{{{{ trigger.stubs.{block.key} }}}}"))


def _scripted(block: BlockDefinition) -> BlockDefinition:
    assert isinstance(block.config, AgentConfig)
    changes = {"model": f"{SCRIPTED}:{block.key}", "fallback": None}
    return replace(block, config=block.config.model_copy(update=changes))


def _show(conn: sa.Connection, *, execution_id: str) -> dict[str, Any]:
    row = executions.find(conn, execution_id)
    assert row is not None
    return to_public(execution_service.view(conn, row))


def _used(conn: sa.Connection, *, execution_id: str) -> Ran:
    columns = (checkpoints.c.input_tokens, checkpoints.c.output_tokens, checkpoints.c.cost_micros)
    statement = sa.select(*columns).where(checkpoints.c.execution_id == execution_id, checkpoints.c.kind == "model")
    rows = conn.execute(statement).all()
    return Ran(
        shown=None,
        seconds=0.0,
        input_tokens=sum(row.input_tokens or 0 for row in rows),
        output_tokens=sum(row.output_tokens or 0 for row in rows),
        cost=sum(row.cost_micros or 0 for row in rows),
        priced=all(row.cost_micros is not None for row in rows),
    )

"""Runs the tests of a workflow file, each in an installation of its own that is thrown away: no server is needed."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import sqlalchemy as sa

from runwright.accounts.bootstrap import Defaults, ensure_default
from runwright.blocks.template import TemplateConfig
from runwright.config import Settings
from runwright.db.database import Database, open_database
from runwright.db.schema import migrate
from runwright.engine.runtime import EngineRuntime
from runwright.executions import repository as executions
from runwright.executions import service as execution_service
from runwright.executions.signals import Signal, Signals
from runwright.executions.status import SETTLED
from runwright.executions.view import to_public
from runwright.kit.clock import now_ms
from runwright.reviews import repository as reviews
from runwright.reviews.service import Decision, Verdict, decide
from runwright.services import make_services
from runwright.triggers.base import Start, TriggerType, start_execution
from runwright.workflows import repository, service
from runwright.workflows.cache import replace_definition
from runwright.workflows.definition import WorkflowDefinition
from runwright.workflows.parser import Prepared
from runwright.workflows.service import Owner
from runwright.workflows.tests_section import BlockExpectation, WorkflowTest

_LOOK_S = 0.02
_QUOTED = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a test went. ``differences`` are sentences, none when it passed; ``seconds`` is how long it took."""

    name: str
    differences: Sequence[str]
    seconds: float


def run_tests(prepared: Prepared, settings: Settings, *, seconds: float) -> list[Outcome]:
    """Run every test of a file, one after another; ``seconds`` is how long each may take."""
    with tempfile.TemporaryDirectory(prefix="runwright-test-") as folder:
        own = settings.model_copy(update={"data_dir": Path(folder), "database_url": None, "secret_key": None})
        return asyncio.run(_run_all(prepared, own, seconds=seconds))


async def _run_all(prepared: Prepared, settings: Settings, *, seconds: float) -> list[Outcome]:
    database, signals = open_database(settings), Signals()
    await asyncio.to_thread(migrate, database)
    services = make_services(settings)
    engine = EngineRuntime(settings, database=database, services=services, signals=signals)
    try:
        defaults = await database.write(ensure_default)
        await engine.start()
        tests = [test for test in prepared.definition.tests if isinstance(test, WorkflowTest)]
        bench = _Bench(prepared, database, signals, defaults)
        return [await bench.outcome(test, seconds=seconds) for test in tests]
    finally:
        await engine.stop()
        await services.aclose()
        await database.close()


@dataclass(frozen=True, slots=True)
class _Bench:
    prepared: Prepared
    database: Database
    signals: Signals
    defaults: Defaults

    async def outcome(self, test: WorkflowTest, *, seconds: float) -> Outcome:
        started = time.monotonic()
        execution_id = await self.database.write(partial(self._start, test=test))
        self.signals.send(Signal.DUE, [execution_id])
        try:
            async with asyncio.timeout(seconds):
                shown = await self._to_its_end(execution_id, test)
            differences = _differences(shown, test)
        except TimeoutError:
            differences = [f"it did not end within {seconds:g} seconds"]
        return Outcome(test.name, differences, time.monotonic() - started)

    def _start(self, conn: sa.Connection, *, test: WorkflowTest) -> str:
        org_id, project_id = self.defaults.org_id, self.defaults.project_id
        owner = Owner(org_id=org_id, user_id=self.defaults.user_id)
        workflow = service.create(conn, owner, self.prepared, project_id=project_id, publish=True)
        version = repository.find_version(conn, org_id, workflow.id, workflow.latest_number)
        assert version is not None
        definition = _stubbed(self.prepared.definition, test)
        replace_definition(version.id, definition)
        start = Start(
            org_id=org_id,
            project_id=project_id,
            workflow_id=workflow.id,
            version_id=version.id,
            definition=definition,
            trigger=TriggerType.MANUAL,
            payload=test.inputs,
            metadata={"stubs": test.stubs},
        )
        return start_execution(conn, start).execution_id

    async def _to_its_end(self, execution_id: str, test: WorkflowTest) -> dict[str, Any]:
        while True:
            shown = await self.database.read(partial(_show, execution_id=execution_id))
            if shown["status"] in SETTLED:
                return shown
            if await self.database.write(partial(self._decide, execution_id=execution_id, test=test)):
                self.signals.send(Signal.DUE, [execution_id])
            await asyncio.sleep(_LOOK_S)

    def _decide(self, conn: sa.Connection, *, execution_id: str, test: WorkflowTest) -> bool:
        """Decide the open reviews as the test says; whether there were any."""
        org_id = self.defaults.org_id
        found = reviews.list_page(conn, org_id, limit=100, execution_id=execution_id)
        for review in found:
            decision = Decision(test.reviews.get(review.block_key, "approve"))
            verdict = Verdict(decision=decision, comment="Decided by the test")
            decide(conn, org_id, review.id, verdict=verdict, user_id=self.defaults.user_id, now=now_ms())
        return bool(found)


def _stubbed(definition: WorkflowDefinition, test: WorkflowTest) -> WorkflowDefinition:
    """The workflow with blocks that say what the test has them say; their needs, conditions and reviews stay."""
    stubs = {
        key: replace(
            definition.blocks[key], type="template", config=TemplateConfig(text=f"{{{{ trigger.stubs.{key} }}}}")
        )
        for key in test.stubs
    }
    return replace(definition, blocks={**definition.blocks, **stubs})


def _show(conn: sa.Connection, *, execution_id: str) -> dict[str, Any]:
    row = executions.find(conn, execution_id)
    assert row is not None
    return to_public(execution_service.view(conn, row))


def _differences(shown: dict[str, Any], test: WorkflowTest) -> list[str]:
    found = []
    if shown["status"] != test.expect.status:
        because = f" ({shown['error']})" if shown["error"] else ""
        found.append(f"the execution is {shown['status']}, not {test.expect.status}{because}")
    for key, expected in test.expect.blocks.items():
        found += [f"block {key}: {said}" for said in _block_differences(shown["state"]["blocks"][key], expected)]
    return found


def _block_differences(block: dict[str, Any], expected: BlockExpectation) -> list[str]:
    found, output, error = [], block["output"] or "", block["error"] or ""
    if expected.status is not None and block["status"] != expected.status:
        because = block["error"] or block["reason"]
        found.append(f"is {block['status']}, not {expected.status}" + (f" ({because})" if because else ""))
    if expected.output is not None and output != expected.output:
        found.append(f"its output is {output[:_QUOTED]!r}, not {expected.output[:_QUOTED]!r}")
    if expected.contains is not None and expected.contains not in output:
        found.append(f"its output does not contain {expected.contains!r}: {output[:_QUOTED]!r}")
    if expected.error is not None and expected.error not in error:
        found.append(f"its error does not contain {expected.error!r}: {error[:_QUOTED]!r}")
    return found


def junit(name: str, outcomes: Sequence[Outcome]) -> str:
    """The outcomes as JUnit XML, which CI systems show."""
    failed = sum(bool(outcome.differences) for outcome in outcomes)
    suite = ElementTree.Element("testsuite", name=name, tests=str(len(outcomes)), failures=str(failed))
    for outcome in outcomes:
        case = ElementTree.SubElement(suite, "testcase", classname=name, name=outcome.name)
        case.set("time", f"{outcome.seconds:.3f}")
        if outcome.differences:
            failure = ElementTree.SubElement(case, "failure", message=outcome.differences[0])
            failure.text = "\n".join(outcome.differences)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)

"""kill -9 at any moment: nothing acknowledged is lost, no finished block runs again, the interrupted one does."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import sqlalchemy as sa

from runwright.config import Settings
from runwright.db.database import Database
from runwright.executions.models import block_runs
from tests import support
from tests.engine.process import ServerProcess
from tests.engine.target import Target


def eventually(condition: Callable[[], bool], *, within: float = 30) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def target() -> Iterator[Target]:
    with Target().running() as running:
        yield running


@pytest.fixture
def process(settings: Settings) -> Iterator[ServerProcess]:
    server = ServerProcess(settings)
    yield server
    with suppress(Exception):
        server.kill()


def three_steps(target: Target) -> str:
    return f"""
        version: 1
        name: Steps
        inputs: {{n: {{default: "0"}}, ms: {{default: "0"}}}}
        blocks:
          first: {{type: http, url: "{target.url}/first/{{{{ n }}}}"}}
          second: {{type: http, needs: [first], url: "{target.url}/second/{{{{ n }}}}?ms={{{{ ms }}}}"}}
          third: {{type: template, needs: [second], text: "{{{{ blocks.second.output.path }}}}"}}
    """


def test_the_interrupted_block_runs_again_and_the_finished_one_does_not(
    database: Database, process: ServerProcess, target: Target
) -> None:
    tenant = database.write_sync(support.add_tenant)
    workflow = database.write_sync(lambda conn: support.add_workflow(conn, tenant, three_steps(target)))
    process.start()
    execution = process.trigger(workflow, tenant.secret, {"n": "1", "ms": "1000"})
    eventually(lambda: target.counts["/second/1"] == 1)
    process.kill()
    process.start()
    shown = process.finished(execution, tenant.secret)
    assert shown["status"] == "completed"
    assert target.counts["/first/1"] == 1
    assert target.counts["/second/1"] == 2
    assert target.keys[1] == target.keys[2]
    assert shown["state"]["blocks"]["third"]["output"] == "/second/1"


def finished_blocks(database: Database) -> dict[tuple[str, str], int]:
    statement = sa.select(block_runs.c.execution_id, block_runs.c.key, block_runs.c.finished_at).where(
        block_runs.c.finished_at.is_not(None)
    )
    return {(row[0], row[1]): row[2] for row in database.read_sync(lambda conn: conn.execute(statement).all())}


def test_nothing_acknowledged_is_lost_over_many_kills(
    database: Database, process: ServerProcess, target: Target
) -> None:
    tenant = database.write_sync(support.add_tenant)
    workflow = database.write_sync(lambda conn: support.add_workflow(conn, tenant, three_steps(target)))
    chance = random.Random(7)
    acknowledged: dict[str, str] = {}
    settled: dict[tuple[str, str], int] = {}
    for _ in range(4):
        process.start()
        for _ in range(25):
            number = str(len(acknowledged))
            acknowledged[process.trigger(workflow, tenant.secret, {"n": number, "ms": "30"})] = number
        time.sleep(chance.random() * 0.3)
        process.kill()
        settled.update(finished_blocks(database))
    process.start()
    for execution, number in acknowledged.items():
        shown = process.finished(execution, tenant.secret)
        assert shown["status"] == "completed"
        assert shown["state"]["blocks"]["third"]["output"] == f"/second/{number}"
    after = finished_blocks(database)
    assert all(after[block] == moment for block, moment in settled.items())


def test_a_lost_worker_is_replaced_by_another(
    settings: Settings, database: Database, process: ServerProcess, target: Target
) -> None:
    if database.dialect == "sqlite":
        # An embedded installation has one process by design; a second one is refused (see the tests of the commands).
        return
    tenant = database.write_sync(support.add_tenant)
    workflow = database.write_sync(lambda conn: support.add_workflow(conn, tenant, three_steps(target)))
    front = ServerProcess(settings).start()
    try:
        process.start()
        executions = [process.trigger(workflow, tenant.secret, {"n": str(n), "ms": "1500"}) for n in range(10)]
        eventually(lambda: sum(target.counts[f"/second/{n}"] for n in range(10)) == 10)
        process.kill()
        for execution in executions:
            assert front.finished(execution, tenant.secret)["status"] == "completed"
        assert all(target.counts[f"/first/{n}"] == 1 for n in range(10))
    finally:
        front.kill()


def test_sigterm_lets_running_blocks_end_and_the_rest_goes_on_after_the_restart(
    database: Database, process: ServerProcess, target: Target
) -> None:
    tenant = database.write_sync(support.add_tenant)
    workflow = database.write_sync(lambda conn: support.add_workflow(conn, tenant, three_steps(target)))
    process.start()
    execution = process.trigger(workflow, tenant.secret, {"n": "1", "ms": "1000"})
    eventually(lambda: target.counts["/second/1"] == 1)
    assert process.terminate() == 0
    assert ("second" in {key for _, key in finished_blocks(database)}) is True
    process.start()
    assert process.finished(execution, tenant.secret)["status"] == "completed"
    assert target.counts["/second/1"] == 1

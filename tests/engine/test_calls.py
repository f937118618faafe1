"""Workflow blocks: another workflow as a block, with its reviews, its costs and its end."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
import sqlalchemy as sa

from runwright.executions import calls
from runwright.executions import repository as executions
from runwright.executions import service as execution_service
from runwright.executions.models import executions as execution_table
from runwright.executions.signals import Signal
from runwright.executions.status import Status
from runwright.kit.clock import now_ms
from runwright.reviews.service import Decision
from runwright.triggers.call import MAX_DEPTH
from runwright.workflows.models import workflows
from tests import support
from tests.engine.conftest import Bench
from tests.engine.test_driving import statuses
from tests.engine.test_reviews import decide, open_review

pytestmark = pytest.mark.anyio

CHILD = """
    version: 1
    name: Child
    inputs: {who: {required: true}, greeting: {default: Hello}}
    blocks:
      greet: {type: template, text: "{{ greeting }} {{ who }}"%s}
      result: {type: output, needs: [greet], value: "<{{ blocks.greet.output }}>"}
      after: {type: template, needs: [result], text: "not the result"}
"""
PARENT = """
    version: 1
    name: Parent
    inputs: {who: {default: you}}
    blocks:
      call: {type: workflow, id: %s, inputs: {who: "{{ who }}"}%s}
      after: {type: template, needs: [call], text: "got {{ blocks.call.output }}"}
"""


async def child_of(bench: Bench, execution_id: str) -> str:
    """The only execution that this one called, once it is there."""
    while not (called := await bench.database.read(partial(calls.called_by, execution_id=execution_id))):
        await asyncio.sleep(0.01)
    assert len(called) == 1
    return called[0].execution_id


async def test_the_result_of_the_called_workflow_is_the_output(bench: Bench) -> None:
    child = await bench.publish(CHILD % "")
    shown = await bench.run(PARENT % (child, ""), {"who": "Ann"})
    assert shown["status"] == "completed"
    assert shown["state"]["blocks"]["call"]["output"] == "<Hello Ann>"
    assert shown["state"]["blocks"]["after"]["output"] == "got <Hello Ann>"
    called = await bench.until(await child_of(bench, shown["id"]))
    assert called["triggerPayload"] == {"who": "Ann"}
    assert called["triggerMetadata"] == {"parentExecutionId": shown["id"], "parentBlock": "call"}


async def test_a_workflow_is_called_by_its_name(bench: Bench) -> None:
    child = await bench.publish(CHILD % "")
    rename = workflows.update().where(workflows.c.id == child).values(name="Greeting")
    await bench.database.write(lambda conn: conn.execute(rename))
    source = "version: 1\nname: P\nblocks:\n  call: {type: workflow, name: Greeting, inputs: {who: Bo}}\n"
    shown = await bench.run(source)
    assert shown["state"]["blocks"]["call"]["output"] == "<Hello Bo>"


async def test_nothing_is_held_while_the_called_workflow_waits_for_a_review(bench: Bench) -> None:
    child = await bench.publish(CHILD % ", review: true")
    parent_id = await bench.start(await bench.publish(PARENT % (child, "")))
    child_id = await child_of(bench, parent_id)
    await bench.until(child_id, Status.REVIEW_PENDING)
    while bench.engine.executions:
        await asyncio.sleep(0.01)
    review = await open_review(bench, child_id)
    await decide(bench, review, Decision.APPROVE, edited_output="Good day")
    shown = await bench.until(parent_id)
    assert shown["state"]["blocks"]["after"]["output"] == "got <Good day>"


async def test_a_failure_below_fails_the_block_that_called(bench: Bench) -> None:
    failing = 'version: 1\nname: F\nblocks:\n  bad: {type: template, text: "{{ trigger.nothing }}"}\n'
    child = await bench.publish(failing)
    source = f"version: 1\nname: P\nblocks:\n  call: {{type: workflow, id: {child}}}\n"
    shown = await bench.run(source)
    assert shown["status"] == "failed"
    assert "trigger.nothing" in shown["state"]["blocks"]["call"]["error"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("id: 0190f0c4-0000-7000-8000-000000000009", "has no workflow"),
        ("name: Nobody", 'has no workflow "Nobody"'),
        ("id: %s", "requires who"),
        ("id: %s, inputs: {who: a, whom: b}", "no context variable whom"),
    ],
)
async def test_what_cannot_be_called_is_told(bench: Bench, fields: str, words: str) -> None:
    child = await bench.publish(CHILD % "")
    wanted = fields % child if "%s" in fields else fields
    shown = await bench.run(f"version: 1\nname: P\nblocks:\n  call: {{type: workflow, {wanted}}}\n")
    assert shown["status"] == "failed"
    assert words in shown["state"]["blocks"]["call"]["error"]


async def test_a_workflow_of_another_organization_cannot_be_called(bench: Bench) -> None:
    other = await bench.database.write(partial(support.add_tenant, name="Other"))
    child = await bench.database.write(lambda conn: support.add_workflow(conn, other, CHILD % ""))
    shown = await bench.run(PARENT % (child, ""))
    assert "has no workflow" in shown["state"]["blocks"]["call"]["error"]


async def test_a_workflow_that_calls_itself_ends(bench: Bench) -> None:
    workflow_id = await bench.publish("version: 1\nname: Loop\nblocks:\n  me: {type: workflow, name: Test}\n")
    shown = await bench.until(await bench.start(workflow_id))
    assert shown["status"] == "failed"
    assert f"nested {MAX_DEPTH} deep" in shown["state"]["blocks"]["me"]["error"]
    count = sa.select(sa.func.count()).select_from(execution_table)
    assert await bench.database.read(lambda conn: conn.execute(count).scalar()) == MAX_DEPTH + 1


async def test_cancelling_reaches_down_and_a_cancelled_call_fails_the_block(bench: Bench) -> None:
    child = await bench.publish(CHILD % ", review: true")
    workflow_id = await bench.publish(PARENT % (child, ""))
    first, second = await bench.start(workflow_id), await bench.start(workflow_id)
    below_first, below_second = await child_of(bench, first), await child_of(bench, second)
    await cancel(bench, first)
    shown = await bench.until(below_first)
    assert shown["status"] == "cancelled"
    assert first in shown["cancelReason"]
    await cancel(bench, below_second)
    shown = await bench.until(second)
    assert statuses(shown) == {"call": "failed", "after": "skipped"}
    assert "was cancelled: enough" in shown["state"]["blocks"]["call"]["error"]


async def cancel(bench: Bench, execution_id: str) -> None:
    def unit(conn: sa.Connection) -> tuple[str, ...]:
        row = executions.find(conn, execution_id)
        assert row is not None
        ended = execution_service.cancel(conn, row, reason="enough", now=now_ms())
        return (*ended, row.parent_id) if row.parent_id else ended

    ended = await bench.database.write(unit)
    bench.signals.send(Signal.CANCELLED, ended)
    bench.signals.send(Signal.DUE, ended)


async def test_the_timeout_of_the_block_ends_the_call(bench: Bench) -> None:
    child = await bench.publish(CHILD % ", review: true")
    shown = await bench.run(PARENT % (child, ", timeout: 0.2"))
    assert "took longer than 0.2 seconds" in shown["state"]["blocks"]["call"]["error"]
    assert (await bench.until(await child_of(bench, shown["id"])))["status"] == "cancelled"


async def test_a_trigger_that_cancels_previous_ones_leaves_called_executions_alone(bench: Bench) -> None:
    child = await bench.publish(CHILD % ", review: true")
    parent_id = await bench.start(await bench.publish(PARENT % (child, "")))
    child_id = await child_of(bench, parent_id)
    await bench.until(child_id, Status.REVIEW_PENDING)
    await bench.start(child, {"who": "direct"}, cancel_previous=True)
    assert (await bench.until(child_id, Status.REVIEW_PENDING))["status"] == "review_pending"

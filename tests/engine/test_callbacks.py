"""Wait blocks that are called back: once, by the right address, before or after they wait."""

from __future__ import annotations

from functools import partial

import pytest

from runwright.errors import Conflict
from runwright.executions import callbacks
from runwright.executions.signals import Signal
from runwright.executions.status import Status
from runwright.kit.clock import now_ms
from runwright.reviews.service import Decision
from tests import support
from tests.engine.conftest import Bench
from tests.engine.test_reviews import decide, open_review

pytestmark = pytest.mark.anyio

SOURCE = """
    version: 1
    name: Called back
    blocks:
      ask: {type: template, text: "{{ blocks.answer.callback }}"}
      answer: {type: wait, needs: [ask], callback: true%s}
      after: {type: template, needs: [answer], text: "got {{ blocks.answer.output }}"}
"""


async def call_back(bench: Bench, execution_id: str, body: str) -> None:
    unit = partial(callbacks.receive, execution_id=execution_id, key="answer", body=body, now=now_ms())
    await bench.database.write(unit)
    bench.signals.send(Signal.DUE, [execution_id])


async def test_what_is_posted_becomes_the_output(bench: Bench) -> None:
    execution_id = await bench.start(await bench.publish(SOURCE % ""))
    await support.until_parked(bench.database, execution_id)
    await call_back(bench, execution_id, "42")
    shown = await bench.until(execution_id)
    assert shown["state"]["blocks"]["after"]["output"] == "got 42"
    address = shown["state"]["blocks"]["ask"]["output"]
    assert f"/api/v1/callbacks/{execution_id}/answer/" in address


async def test_the_first_callback_counts_and_an_ended_execution_takes_none(bench: Bench) -> None:
    execution_id = await bench.start(await bench.publish(SOURCE % ""))
    await support.until_parked(bench.database, execution_id)
    await call_back(bench, execution_id, "first")
    with pytest.raises(Conflict):
        await call_back(bench, execution_id, "second")
    shown = await bench.until(execution_id)
    assert shown["state"]["blocks"]["answer"]["output"] == "first"
    with pytest.raises(Conflict, match="ended"):
        await call_back(bench, execution_id, "third")


async def test_a_callback_may_come_before_its_block_waits(bench: Bench) -> None:
    source = (SOURCE % "").replace('text: "{{ blocks.answer.callback }}"', "text: asked, review: true")
    execution_id = await bench.start(await bench.publish(source))
    await bench.until(execution_id, Status.REVIEW_PENDING)
    await call_back(bench, execution_id, "early")
    await decide(bench, await open_review(bench, execution_id), Decision.APPROVE)
    shown = await bench.until(execution_id)
    assert shown["state"]["blocks"]["answer"]["output"] == "early"


async def test_nobody_calls_back_in_time(bench: Bench) -> None:
    shown = await bench.run(SOURCE % ", seconds: 0.1")
    assert "Nobody called back until" in shown["state"]["blocks"]["answer"]["error"]

"""Blocks that take time: parallel branches, retries, timeouts, waits, cancellation."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from runwright.executions import repository, service
from runwright.executions.signals import Signal
from runwright.kit.clock import now_ms
from tests import support
from tests.engine.conftest import Bench
from tests.engine.target import Target
from tests.engine.test_driving import statuses

pytestmark = pytest.mark.anyio


async def cancel(bench: Bench, execution_id: str) -> bool:
    def unit(conn) -> bool:
        row = repository.find(conn, execution_id)
        assert row is not None
        return service.cancel(conn, row, reason="enough", now=now_ms())

    done = await bench.database.write(unit)
    bench.signals.send(Signal.CANCELLED, [execution_id])
    return done


def moments(block: dict[str, Any]) -> tuple[str, str]:
    return block["startTime"], block["endTime"]


async def test_branches_run_at_the_same_time_and_a_join_waits_for_all(bench: Bench, target: Target) -> None:
    shown = await bench.run(
        f"""
        version: 1
        name: Parallel
        blocks:
          a: {{type: http, url: "{target.url}/a?ms=400"}}
          b: {{type: http, url: "{target.url}/b?ms=400"}}
          join: {{type: template, needs: [a, b], text: "{{{{ blocks.a.output.path }}}} {{{{ blocks.b.output.path }}}}"}}
        """
    )
    blocks = shown["state"]["blocks"]
    assert shown["status"] == "completed", shown
    assert blocks["join"]["output"] == "/a /b"
    assert max(blocks["a"]["startTime"], blocks["b"]["startTime"]) < min(blocks["a"]["endTime"], blocks["b"]["endTime"])
    assert blocks["join"]["startTime"] >= max(blocks["a"]["endTime"], blocks["b"]["endTime"])
    assert len(set(target.keys)) == 2
    assert None not in target.keys


async def test_retry_tries_again_with_the_same_idempotency_key(bench: Bench, target: Target) -> None:
    shown = await bench.run(
        f"""
        version: 1
        name: Retry
        blocks:
          a: {{type: http, url: "{target.url}/a?fail=2", retry: {{attempts: 3, backoff: 0.05}}}}
        """
    )
    assert shown["status"] == "completed", shown
    assert target.counts["/a"] == 3
    assert len(set(target.keys)) == 1
    assert shown["state"]["blocks"]["a"]["error"] is None


async def test_when_all_attempts_fail_the_block_fails(bench: Bench, target: Target) -> None:
    shown = await bench.run(
        f"""
        version: 1
        name: Retry
        blocks:
          a: {{type: http, url: "{target.url}/a?fail=9", retry: {{attempts: 2, backoff: 0.05}}}}
          b: {{type: template, needs: [a], text: never}}
        """
    )
    assert statuses(shown) == {"a": "failed", "b": "skipped"}
    assert target.counts["/a"] == 2
    assert "503" in shown["state"]["blocks"]["a"]["error"]


async def test_a_long_backoff_is_waited_for_outside_the_engine(bench: Bench, target: Target) -> None:
    source = f"""
        version: 1
        name: Patience
        blocks:
          a: {{type: http, url: "{target.url}/a?fail=1", retry: {{attempts: 2, backoff: 3}}}}
        """
    execution_id = await bench.start(await bench.publish(source))
    await support.until_parked(bench.database, execution_id)
    assert bench.engine.executions == 0
    shown = await bench.until(execution_id)
    assert shown["status"] == "completed"
    assert target.counts["/a"] == 2


async def test_a_timeout_interrupts_the_block(bench: Bench, target: Target) -> None:
    shown = await bench.run(
        f"""
        version: 1
        name: Timeout
        blocks:
          a: {{type: http, url: "{target.url}/a?ms=20000", timeout: 0.3}}
        """
    )
    assert shown["status"] == "failed"
    assert "timeout of 0.3 seconds" in shown["state"]["blocks"]["a"]["error"]


async def test_cancelling_interrupts_a_running_block_at_once(bench: Bench, target: Target) -> None:
    source = f"""
        version: 1
        name: Cancel
        blocks:
          a: {{type: http, url: "{target.url}/a?ms=20000"}}
          b: {{type: template, needs: [a], text: never}}
        """
    execution_id = await bench.start(await bench.publish(source))
    while not target.counts["/a"]:
        await asyncio.sleep(0.01)
    assert bench.engine.executions == 1
    assert await cancel(bench, execution_id)
    while bench.engine.executions:
        await asyncio.sleep(0.01)
    shown = await bench.until(execution_id)
    assert shown["status"] == "cancelled"
    assert shown["cancelReason"] == "enough"
    assert shown["cancelRequestedAt"]
    assert statuses(shown) == {"a": "cancelled", "b": "cancelled"}
    assert not await cancel(bench, execution_id)


async def test_a_driver_whose_signal_was_lost_stops_at_its_next_commit(bench: Bench, target: Target) -> None:
    source = f"""
        version: 1
        name: Lost
        blocks:
          a: {{type: http, url: "{target.url}/a?ms=500"}}
          b: {{type: http, needs: [a], url: "{target.url}/b"}}
        """
    execution_id = await bench.start(await bench.publish(source))
    while not target.counts["/a"]:
        await asyncio.sleep(0.01)

    def unit(conn) -> None:
        row = repository.find(conn, execution_id)
        assert row is not None
        service.cancel(conn, row, reason="quietly", now=now_ms())

    await bench.database.write(unit)
    while bench.engine.executions:
        await asyncio.sleep(0.01)
    shown = await bench.until(execution_id)
    assert shown["status"] == "cancelled"
    assert target.counts["/b"] == 0


async def test_a_long_wait_costs_no_driver_and_goes_on_when_its_time_has_come(bench: Bench) -> None:
    source = """
        version: 1
        name: Wait
        blocks:
          pause: {type: wait, seconds: 3}
          after: {type: template, needs: [pause], text: "{{ blocks.pause.output }}"}
        """
    begun = time.monotonic()
    execution_id = await bench.start(await bench.publish(source))
    await support.until_parked(bench.database, execution_id)
    assert bench.engine.executions == 0
    shown = await bench.until(execution_id)
    assert shown["status"] == "completed"
    assert time.monotonic() - begun >= 3
    assert shown["state"]["blocks"]["after"]["output"].endswith("Z")


async def test_many_executions_at_once_all_end_well(bench: Bench) -> None:
    workflow = await bench.publish(
        """
        version: 1
        name: Many
        inputs: {n: {default: x}}
        blocks:
          a: {type: template, text: "{{ n }}"}
          b: {type: output, needs: [a], value: "{{ blocks.a.output }}!"}
        """
    )
    ids = await asyncio.gather(*(bench.start(workflow, {"n": str(n)}) for n in range(100)))
    for number, execution_id in enumerate(ids):
        shown = await bench.until(execution_id)
        assert shown["state"]["blocks"]["b"]["output"] == f"{number}!"


async def test_a_signal_for_what_is_not_due_changes_nothing(bench: Bench) -> None:
    source = """
        version: 1
        name: Wait
        blocks: {pause: {type: wait, seconds: 600}}
    """
    execution_id = await bench.start(await bench.publish(source))
    await support.until_parked(bench.database, execution_id)
    before = await bench.database.read(lambda conn: repository.find(conn, execution_id))
    bench.signals.send(Signal.DUE, [execution_id])
    other = await bench.run("{version: 1, name: Other, blocks: {a: {type: template, text: a}}}")
    assert other["status"] == "completed"
    assert await bench.database.read(lambda conn: repository.find(conn, execution_id)) == before

"""Reviews: what a person decides, once, and what becomes of it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from runwright.errors import Conflict, Invalid
from runwright.executions import repository as executions
from runwright.executions import service as execution_service
from runwright.executions.signals import Signal
from runwright.executions.status import Status
from runwright.kit.clock import now_ms
from runwright.reviews import repository, service
from runwright.reviews.repository import Review
from runwright.reviews.service import Decision, Verdict
from tests import support
from tests.engine.conftest import Bench
from tests.engine.target import Target
from tests.engine.test_driving import statuses

pytestmark = pytest.mark.anyio

DRAFT = """
    version: 1
    name: Draft
    inputs: {what: {default: it}}
    blocks:
      draft: {type: template, text: the draft, review: {message: "Is {{ what }} good?"%s}}
      after: {type: template, needs: [draft], text: "got {{ blocks.draft.output }}"}
"""


async def waiting(bench: Bench, source: str = DRAFT % "") -> tuple[str, Review]:
    execution_id = await bench.start(await bench.publish(source))
    await bench.until(execution_id, Status.REVIEW_PENDING)
    return execution_id, await open_review(bench, execution_id)


async def open_review(bench: Bench, execution_id: str) -> Review:
    list_open = partial(repository.list_page, org_id=bench.tenant.org_id, limit=10, execution_id=execution_id)
    while not (found := await bench.database.read(list_open)):
        await asyncio.sleep(0.01)
    assert len(found) == 1
    return found[0]


async def decide(bench: Bench, review: Review, decision: Decision, **parts: Any) -> Review:
    unit = partial(
        service.decide,
        org_id=bench.tenant.org_id,
        review_id=review.id,
        verdict=Verdict(decision=decision, **parts),
        user_id=bench.tenant.user_id,
        now=now_ms(),
    )
    decided = await bench.database.write(unit)
    bench.signals.send(Signal.DUE, [review.execution_id])
    return decided


async def test_approve(bench: Bench) -> None:
    execution_id, review = await waiting(bench)
    while bench.engine.executions:
        await asyncio.sleep(0.01)
    assert review.message == "Is it good?"
    assert review.proposed_output == "the draft"
    shown = await bench.until(execution_id, Status.REVIEW_PENDING)
    assert shown["state"]["blocks"]["draft"]["output"] is None
    decided = await decide(bench, review, Decision.APPROVE)
    assert decided.decided_by == bench.tenant.user_id
    assert decided.decided_at is not None
    shown = await bench.until(execution_id)
    assert shown["status"] == "completed"
    assert shown["state"]["blocks"]["after"]["output"] == "got the draft"


async def test_approve_with_an_edited_output(bench: Bench) -> None:
    execution_id, review = await waiting(bench)
    await decide(bench, review, Decision.APPROVE, edited_output="better")
    shown = await bench.until(execution_id)
    assert shown["state"]["blocks"]["draft"]["output"] == "better"
    assert shown["state"]["blocks"]["after"]["output"] == "got better"


async def test_reject_fails_the_execution_with_the_reason(bench: Bench) -> None:
    execution_id, review = await waiting(bench)
    await decide(bench, review, Decision.REJECT, comment="wrong release")
    shown = await bench.until(execution_id)
    assert shown["status"] == "failed"
    assert "wrong release" in shown["error"]
    assert statuses(shown) == {"draft": "failed", "after": "skipped"}


async def test_send_back_runs_the_block_again_and_asks_again(bench: Bench) -> None:
    execution_id, review = await waiting(bench)
    await decide(bench, review, Decision.SEND_BACK, comment="shorter")
    while (second := await open_review(bench, execution_id)).round == 0:
        await asyncio.sleep(0.01)
    assert second.round == 1
    await decide(bench, second, Decision.APPROVE)
    assert (await bench.until(execution_id))["status"] == "completed"


async def test_an_agent_that_is_sent_back_sees_the_comment(bench: Bench) -> None:
    source = """
        version: 1
        name: Agent
        blocks:
          write: {type: agent, prompt: "Write something.", review: true}
    """
    execution_id, review = await waiting(bench, source)
    await decide(bench, review, Decision.SEND_BACK, comment="mention the giraffe")
    while (second := await open_review(bench, execution_id)).round == 0:
        await asyncio.sleep(0.01)
    assert "previous_answer" in (second.proposed_output or "")


async def test_a_decision_is_taken_once_and_the_second_is_told_who_was_first(bench: Bench) -> None:
    _, review = await waiting(bench)
    outcomes = await asyncio.gather(
        *(decide(bench, review, Decision.APPROVE) for _ in range(5)),
        *(decide(bench, review, Decision.REJECT) for _ in range(5)),
        return_exceptions=True,
    )
    taken = [outcome for outcome in outcomes if isinstance(outcome, Review)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert (len(taken), len(refused)) == (1, 9)
    assert "User of Acme" in refused[0].message
    assert refused[0].details == {
        "decision": taken[0].decision,
        "decided_by": bench.tenant.user_id,
        "decided_at": refused[0].details["decided_at"],
    }


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(decision=Decision.SEND_BACK),
        Verdict(decision=Decision.SEND_BACK, comment="  "),
        Verdict(decision=Decision.REJECT, edited_output="x"),
    ],
)
async def test_a_verdict_whose_parts_do_not_fit_is_refused(bench: Bench, verdict: Verdict) -> None:
    _, review = await waiting(bench)
    with pytest.raises(Invalid):
        await decide(bench, review, verdict.decision, comment=verdict.comment, edited_output=verdict.edited_output)
    assert (await open_review(bench, review.execution_id)).decision is None


async def test_the_deadline_decides_by_default(bench: Bench) -> None:
    approve = await waiting(bench, DRAFT % ", deadline: 1, default: approve")
    reject = await waiting(bench, DRAFT % ", deadline: 1, default: reject")
    assert (await bench.until(approve[0]))["status"] == "completed"
    shown = await bench.until(reject[0])
    assert shown["status"] == "failed"
    assert "deadline" in shown["error"]


async def test_a_review_block_waits_by_itself(bench: Bench) -> None:
    execution_id, review = await waiting(
        bench,
        """
        version: 1
        name: Gate
        inputs: {tag: {default: v1}}
        blocks:
          gate: {type: review, message: "Ship {{ tag }}?"}
          after: {type: template, needs: [gate], text: "{{ blocks.gate.output }}"}
        """,
    )
    assert review.message == "Ship v1?"
    assert review.proposed_output is None
    await decide(bench, review, Decision.APPROVE)
    assert (await bench.until(execution_id))["state"]["blocks"]["after"]["output"] == "approve"


async def test_other_branches_go_on_and_a_decision_meanwhile_is_taken_up(bench: Bench, target: Target) -> None:
    source = f"""
        version: 1
        name: Both
        blocks:
          slow: {{type: http, url: "{target.url}/slow?ms=1500"}}
          draft: {{type: template, text: d, review: true}}
          after: {{type: template, needs: [draft], text: "after {{{{ blocks.draft.output }}}}"}}
    """
    execution_id = await bench.start(await bench.publish(source))
    review = await open_review(bench, execution_id)
    shown = await bench.until(execution_id, Status.RUNNING)
    assert statuses(shown)["draft"] == "review_pending"
    await decide(bench, review, Decision.APPROVE)
    while statuses(shown)["after"] != "completed":
        shown = await bench.database.read(lambda conn: support.show(conn, execution_id))
        await asyncio.sleep(0.01)
    assert statuses(shown)["slow"] == "running"
    assert (await bench.until(execution_id))["status"] == "completed"


async def test_a_cancelled_execution_closes_its_reviews(bench: Bench) -> None:
    execution_id, review = await waiting(bench)

    def unit(conn) -> None:
        row = executions.find(conn, execution_id)
        assert row is not None
        execution_service.cancel(conn, row, reason="enough", now=now_ms())

    await bench.database.write(unit)
    with pytest.raises(Conflict, match="cancel"):
        await decide(bench, review, Decision.APPROVE)
    shown = await bench.until(execution_id)
    assert statuses(shown) == {"draft": "cancelled", "after": "cancelled"}

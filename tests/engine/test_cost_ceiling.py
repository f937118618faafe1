"""The ceiling of an execution's costs: a person is asked, nothing fails, nothing is paid for twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest

from runwright.config import HttpSettings, ModelSettings
from runwright.errors import Invalid
from runwright.executions.details import costs
from runwright.executions.status import Status
from runwright.integrations.llm.fake_server import FakeModelServer, Say
from runwright.integrations.llm.registry import Models
from runwright.reviews.service import Decision
from tests.blocks.test_agent_block import Stored
from tests.engine.conftest import Bench
from tests.engine.test_driving import statuses
from tests.engine.test_reviews import decide, open_review

pytestmark = pytest.mark.anyio

SOURCE = """
    version: 1
    name: Spends
    limits: {cost: 0.00003%s}
    blocks:
      first: {type: agent, model: "openai:gpt-5-mini", prompt: First}
      second: {type: agent, model: "openai:gpt-5-mini", needs: [first], prompt: Second}
      last: {type: template, needs: [second], text: "{{ blocks.second.output }}"}
"""


@pytest.fixture
async def model(bench: Bench) -> AsyncIterator[FakeModelServer]:
    """The vendor, with three answers at hand, in place of the one that the engine was given."""
    with FakeModelServer(Say("One."), Say("Two."), Say("Three.")) as server:
        models = Models(
            ModelSettings(), HttpSettings(allow_hosts=frozenset({"127.0.0.1"})), stored=Stored(server), retries=0
        )
        bench.engine._services = replace(bench.engine._services, models=models)  # type: ignore[type-var]
        yield server
        await models.aclose()


async def test_a_person_lets_it_go_on(bench: Bench, model: FakeModelServer) -> None:
    execution_id = await bench.start(await bench.publish(SOURCE % ""))
    shown = await bench.until(execution_id, Status.REVIEW_PENDING)
    assert statuses(shown) == {"first": "completed", "second": "review_pending", "last": "pending"}
    assert model.calls == 1
    review = await open_review(bench, execution_id)
    assert (review.kind, review.block_key) == ("cost", "second")
    assert "US dollars is reached, 2 blocks are left" in review.message
    await decide(bench, review, Decision.APPROVE)
    shown = await bench.until(execution_id, Status.COMPLETED, Status.REVIEW_PENDING)
    while shown["status"] == "review_pending":
        # Each approval lets as much be spent again, which is less than one answer costs.
        await decide(bench, await open_review(bench, execution_id), Decision.APPROVE)
        shown = await bench.until(execution_id, Status.COMPLETED, Status.REVIEW_PENDING)
    assert shown["state"]["blocks"]["last"]["output"] == "Two."
    assert model.calls == 2


async def test_a_person_stops_it(bench: Bench, model: FakeModelServer) -> None:
    execution_id = await bench.start(await bench.publish(SOURCE % ""))
    await bench.until(execution_id, Status.REVIEW_PENDING)
    await decide(bench, await open_review(bench, execution_id), Decision.REJECT, comment="too dear")
    shown = await bench.until(execution_id)
    assert shown["status"] == "cancelled"
    assert shown["cancelReason"] == "Stopped at its cost ceiling: too dear"
    assert statuses(shown) == {"first": "completed", "second": "cancelled", "last": "cancelled"}


async def test_a_person_chooses_the_cheaper_model(bench: Bench, model: FakeModelServer) -> None:
    source = SOURCE % ', cheaper_model: "openai:gpt-5-nano"'
    execution_id = await bench.start(await bench.publish(source))
    await bench.until(execution_id, Status.REVIEW_PENDING)
    shown = None
    while shown is None or shown["status"] == "review_pending":
        await decide(bench, await open_review(bench, execution_id), Decision.CHEAPER_MODEL)
        shown = await bench.until(execution_id, Status.COMPLETED, Status.REVIEW_PENDING)
    assert [request.json()["model"] for request in model.seen] == ["gpt-5-mini", "gpt-5-nano"]
    assert (await bench.database.read(partial(costs, ids=[execution_id])))[execution_id] > 0


async def test_a_ceiling_of_nothing_asks_before_the_first_request_and_once(
    bench: Bench, model: FakeModelServer
) -> None:
    execution_id = await bench.start(await bench.publish((SOURCE % "").replace("0.00003", "0")))
    await bench.until(execution_id, Status.REVIEW_PENDING)
    assert model.calls == 0
    await decide(bench, await open_review(bench, execution_id), Decision.APPROVE)
    assert (await bench.until(execution_id))["status"] == "completed"
    assert model.calls == 2


async def test_only_what_fits_can_be_decided(bench: Bench, model: FakeModelServer) -> None:
    execution_id = await bench.start(await bench.publish(SOURCE % ""))
    await bench.until(execution_id, Status.REVIEW_PENDING)
    review = await open_review(bench, execution_id)
    with pytest.raises(Invalid, match="names no cheaper model"):
        await decide(bench, review, Decision.CHEAPER_MODEL)
    with pytest.raises(Invalid, match="about costs"):
        await decide(bench, review, Decision.SEND_BACK, comment="again")


async def test_a_ceiling_cannot_be_kept_with_a_model_of_unknown_price(bench: Bench, model: FakeModelServer) -> None:
    source = (SOURCE % "").replace("openai:gpt-5-mini", "compatible:small")
    shown = await bench.run(source)
    assert "price of compatible:small is not known" in shown["state"]["blocks"]["first"]["error"]

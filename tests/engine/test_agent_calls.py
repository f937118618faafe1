"""An agent that calls a workflow, in the real engine: it lets go, and goes on with what the workflow came to."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from runwright.config import Settings
from runwright.executions.models import checkpoints
from runwright.executions.status import Status
from runwright.integrations.llm.fake_server import FakeModelServer, Say, Use
from runwright.reviews.service import Decision
from tests import support
from tests.engine.conftest import Bench
from tests.engine.test_calls import child_of
from tests.engine.test_reviews import decide, open_review

pytestmark = pytest.mark.anyio

CHILD = """
    version: 1
    name: Ask
    inputs: {question: {required: true}}
    blocks:
      answer: {type: template, text: "About {{ question }}: yes", review: true}
"""
PARENT = """
    version: 1
    name: Parent
    blocks:
      agent:
        type: agent
        prompt: Ask, and tell
        tools:
          workflows:
            - {id: %s, inputs: {question: What to ask.}}
"""


async def test_the_workflows_review_is_waited_for_and_nothing_is_paid_twice(bench: Bench, settings: Settings) -> None:
    child = await bench.publish(CHILD)
    tool = Use(f"workflow_1_{child.replace('-', '_')}", {"question": "the release"})
    with FakeModelServer(tool, Say("They say yes.")) as model:
        settings.models.default = "compatible:small"
        settings.models.compatible_base_url = model.openai_url
        started = await bench.start(await bench.publish(PARENT % child))
        called = await child_of(bench, started)
        await bench.until(called, Status.REVIEW_PENDING)
        await support.until_parked(bench.database, started)
        assert model.calls == 1
        await decide(bench, await open_review(bench, called), Decision.APPROVE)
        shown = await bench.until(started)
        assert shown["state"]["blocks"]["agent"]["output"] == "They say yes."
        assert model.calls == 2
        assert model.seen[1].json()["messages"][-1]["content"] == "About the release: yes"
    names = await bench.database.read(
        lambda conn: conn.scalars(sa.select(checkpoints.c.name).where(checkpoints.c.execution_id == started)).all()
    )
    assert sorted(names) == ["model:1", "model:2", "tool:1"]

"""Other workflows as tools: started once, waited for without holding anything, their result told to the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pydantic import ValidationError

from runwright.blocks.base import BlockError, Call, Completed, Parked
from runwright.blocks.registry import get
from runwright.integrations.llm.fake_server import FakeModelServer, Say, Use
from tests.blocks.support import MemoryCheckpoints, config, context
from tests.blocks.test_agent_block import services

pytestmark = pytest.mark.anyio

FIELDS = {
    "prompt": "Work",
    "tools": {"workflows": [{"name": "Bug triage", "inputs": {"report": "The whole report."}}]},
}
TRIAGE = Use("workflow_1_bug_triage", {"report": "It crashes"})


@dataclass
class FakeCalls:
    """Workflows that end when the test says so."""

    ended: Call | None = None
    known: Call | None = None
    started: list[tuple[int, str | None, dict[str, str]]] = field(default_factory=list)

    async def find(self, number: int = 0) -> Call | None:
        return self.known if self.ended is None else self.ended

    async def start(
        self, number: int = 0, *, workflow_id: str | None, name: str | None, inputs: Mapping[str, str]
    ) -> Call:
        if name == "Lost":
            raise BlockError('There is no workflow "Lost" in this project')
        self.started.append((number, name, dict(inputs)))
        self.known = Call(execution_id="e", settled=False)
        return self.known

    async def cancel(self, number: int = 0, *, reason: str) -> None:
        return


async def run(fields: dict[str, Any], model: FakeModelServer, calls: FakeCalls, kept: MemoryCheckpoints) -> Any:
    block = get("agent")
    assert block is not None
    made = replace(context(services=services(model), checkpoints=kept), calls=calls)
    return await block.run(config("agent", **fields), made)  # type: ignore[misc]


async def test_a_workflow_is_called_and_the_block_lets_go_until_it_ended() -> None:
    calls, kept = FakeCalls(), MemoryCheckpoints()
    with FakeModelServer(TRIAGE, Say("It is critical.")) as model:
        for _ in range(2):
            assert await run(FIELDS, model, calls, kept) == Parked()
        assert model.calls == 1
        assert calls.started == [(1, "Bug triage", {"report": "It crashes"})]
        calls.ended = Call(execution_id="e", settled=True, output="critical")
        assert await run(FIELDS, model, calls, kept) == Completed(output="It is critical.")
        assert model.calls == 2
        assert model.seen[1].json()["messages"][-1]["content"] == "critical"
        assert await run(FIELDS, model, calls, kept) == Completed(output="It is critical.")
        assert (model.calls, len(calls.started)) == (2, 1)


async def test_what_goes_wrong_is_told_to_the_model() -> None:
    failed = Call(execution_id="e", settled=True, error="It failed: no such file")
    with FakeModelServer(TRIAGE, Say("Sorry.")) as model:
        assert await run(FIELDS, model, FakeCalls(failed), MemoryCheckpoints()) == Completed(output="Sorry.")
        assert model.seen[1].json()["messages"][-1]["content"] == "Error: It failed: no such file"
    lost = {"prompt": "Work", "tools": {"workflows": [{"name": "Lost"}]}}
    with FakeModelServer(Use("workflow_1_lost", {}), Say("Sorry.")) as model:
        assert await run(lost, model, FakeCalls(), MemoryCheckpoints()) == Completed(output="Sorry.")
        assert "There is no workflow" in model.seen[1].json()["messages"][-1]["content"]


@pytest.mark.parametrize("named", [{}, {"id": "1", "name": "x"}])
def test_a_workflow_is_named_once(named: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="by id or by name"):
        config("agent", prompt="x", tools={"workflows": [named]})

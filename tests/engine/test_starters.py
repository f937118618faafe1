"""The gallery's starters for quality work run to their end as they are, with the demo provider and their samples."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import Any

import pytest

from runwright.executions.status import SETTLED
from runwright.reviews import repository
from runwright.reviews.service import Decision
from runwright.workflows.gallery import Template, templates
from runwright.workflows.parser import parse
from tests import support
from tests.engine.conftest import Bench
from tests.engine.test_reviews import decide

pytestmark = pytest.mark.anyio

STARTERS = [template for template in templates() if template.id.startswith("qa-")]


async def run_approving(bench: Bench, source: str) -> tuple[dict[str, Any], int]:
    """Run a workflow and approve whatever it asks; how it ended, and how often it asked."""
    execution_id = await bench.start(await bench.publish(source))
    list_open = partial(repository.list_page, org_id=bench.tenant.org_id, limit=10, execution_id=execution_id)
    for asked in range(1000):
        shown = await bench.database.read(lambda conn: support.show(conn, execution_id))
        if shown["status"] in SETTLED:
            approved = await bench.database.read(partial(list_open, open_only=False))
            return shown, len(approved)
        for review in await bench.database.read(list_open):
            await decide(bench, review, Decision.APPROVE)
        await asyncio.sleep(0.02 if asked < 900 else 0.1)
    raise AssertionError(f"not settled: {shown}")


def test_there_are_six() -> None:
    assert [template.id for template in STARTERS] == [
        "qa-bug-triage",
        "qa-defect-analysis",
        "qa-exploratory-charters",
        "qa-regression-planning",
        "qa-release-notes",
        "qa-test-plan",
    ]


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.id)
def test_each_ships_a_sample_checks_its_outputs_and_asks_a_person(starter: Template) -> None:
    definition = parse(starter.source)
    assert all(spec.default for spec in definition.inputs.values())
    blocks = definition.blocks.values()
    assert any(getattr(block.config, "checks", ()) for block in blocks)
    assert any(block.review is not None or block.type == "review" for block in blocks)


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.id)
async def test_each_runs_to_its_end(bench: Bench, starter: Template) -> None:
    ended, reviews = await run_approving(bench, starter.source)
    assert ended["status"] == "completed", json.dumps(ended, indent=2)
    assert ended["state"]["blocks"]["result"]["output"]
    critical_only = starter.id == "qa-bug-triage"
    assert reviews == 1 or (critical_only and reviews == 0)

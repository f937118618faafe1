"""A run becomes a test that passes without anybody being asked."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from runwright.cli.bench.from_run import NotATest, made_of, put_into
from runwright.cli.bench.testing import Suite, run_tests
from runwright.config import Settings
from runwright.executions.status import SETTLED
from runwright.workflows.parser import parse, prepare
from tests.engine.conftest import Bench

pytestmark = pytest.mark.anyio

SOURCE = """\
version: 1
name: Notes
inputs:
  commits: {default: "fix: keep the cart"}
blocks:
  rest: {type: wait, seconds: 0}
  notes:
    type: agent
    needs: [rest]
    prompt: "Release notes of: {{ commits }}"
  rating:
    type: agent
    needs: [notes]
    prompt: Rate them.
    output: {type: object, properties: {stars: {type: integer}}, required: [stars]}
  loud: {type: template, needs: [rating], text: "Rated {{ blocks.rating.output.stars }}"}
"""


async def made_test(bench: Bench, *, tests: str = "") -> str:
    execution_id = await bench.start(await bench.publish(SOURCE))
    await bench.until(execution_id, *SETTLED)
    org_id = bench.tenant.org_id
    made = await bench.database.read(lambda conn: made_of(conn, org_id, execution_id, name="as it was"))
    assert made.notes == ["block rest (wait) is a stub: it says what it said in the run"]
    text = put_into(SOURCE + tests, made)
    assert text is not None
    return text


async def test_the_test_of_a_run_passes(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "notes.yaml"
    file.write_text(await made_test(bench))
    suite = Suite(file, prepare(file.read_bytes()), seconds=30)
    (test,) = suite.tests
    assert set(test.answers) == {"notes", "rating"}
    assert set(test.stubs) == {"rest"}
    assert json.loads(json.dumps(test.answers["rating"])) == [{"stars": 1}]
    (outcome,) = await asyncio.to_thread(run_tests, suite, Settings())
    assert outcome.differences == []
    assert outcome.tally.replayed == 2


async def test_it_joins_the_tests_that_are_there(bench: Bench) -> None:
    text = await made_test(bench, tests="tests:\n- name: first\n# the end\ntriggers:\n  api: {enabled: true}\n")
    assert [test.name for test in parse(text).tests] == ["first", "as it was"]
    assert text.endswith("triggers:\n  api: {enabled: true}\n")


async def test_a_failed_block_cannot_be_repeated(bench: Bench) -> None:
    source = 'version: 1\nname: Fails\nblocks:\n  call: {type: http, url: "http://127.0.0.1:1/"}\n'
    execution_id = await bench.start(await bench.publish(source))
    await bench.until(execution_id, *SETTLED)
    org_id = bench.tenant.org_id
    with pytest.raises(NotATest, match="which a test cannot repeat"):
        await bench.database.read(lambda conn: made_of(conn, org_id, execution_id, name="x"))

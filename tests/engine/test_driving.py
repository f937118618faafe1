"""Section 2 of the contract, block by block: order, joins, conditions, skips, failures."""

from __future__ import annotations

import pytest

from tests.engine.conftest import Bench

pytestmark = pytest.mark.anyio


def statuses(shown: dict) -> dict[str, str]:
    return {key: block["status"] for key, block in shown["state"]["blocks"].items()}


async def test_a_chain_of_instant_blocks_completes(bench: Bench) -> None:
    shown = await bench.run(
        """
        version: 1
        name: Chain
        inputs: {who: {default: world}}
        blocks:
          hello: {type: template, text: "Hello {{ who }}"}
          shout: {type: template, needs: [hello], text: "{{ blocks.hello.output }}!"}
          result: {type: output, needs: [shout], value: "{{ blocks.shout.output }}"}
        """,
        {"who": "you"},
    )
    assert shown["status"] == "completed"
    assert shown["completedBlocks"] == shown["blockCount"] == 3
    blocks = shown["state"]["blocks"]
    assert list(blocks) == ["hello", "shout", "result"]
    assert blocks["result"]["output"] == "Hello you!"
    assert blocks["hello"]["inputs"] == {"who": "you"}
    assert blocks["shout"]["inputs"] == {"hello": "Hello you"}
    assert shown["startedAt"]
    assert shown["finishedAt"]


ROUTES = """
    version: 1
    name: Routes
    inputs: {severity: {default: low}}
    blocks:
      route:
        type: condition
        branches: {critical: "severity == 'high'", minor: "severity == 'low'", else: true}
      page: {type: template, needs: [route.critical], text: paged}
      note: {type: template, needs: [route.minor], text: noted}
      after-page: {type: template, needs: [page], text: called}
      join: {type: template, needs: [page, note], text: "{{ blocks.page.output }}|{{ blocks.note.output }}"}
"""


async def test_the_branch_taken_runs_and_the_others_are_skipped(bench: Bench) -> None:
    shown = await bench.run(ROUTES)
    blocks = shown["state"]["blocks"]
    assert statuses(shown) == {
        "route": "completed",
        "page": "skipped",
        "note": "completed",
        "after-page": "skipped",
        "join": "completed",
    }
    assert blocks["route"]["output"] == "minor"
    assert '"route.critical"' in blocks["page"]["reason"]
    assert '"page"' in blocks["after-page"]["reason"]
    assert blocks["join"]["output"] == "|noted"
    assert shown["status"] == "completed"
    assert shown["completedBlocks"] == 5


async def test_a_false_condition_skips_the_block_and_says_which(bench: Bench) -> None:
    shown = await bench.run(
        """
        version: 1
        name: If
        inputs: {go: {default: "no"}}
        blocks:
          a: {type: template, if: "go == 'yes'", text: a}
          b: {type: template, text: b}
        """
    )
    assert statuses(shown) == {"a": "skipped", "b": "completed"}
    assert "go == 'yes'" in shown["state"]["blocks"]["a"]["reason"]


async def test_the_workflows_own_condition_skips_the_whole(bench: Bench) -> None:
    source = """
        version: 1
        name: Own
        if: "go == 'yes'"
        inputs: {go: {default: "no"}}
        blocks:
          a: {type: template, text: a}
          b: {type: template, needs: [a], text: b}
        """
    shown = await bench.run(source)
    assert shown["status"] == "skipped"
    assert statuses(shown) == {"a": "skipped", "b": "skipped"}
    assert "go == 'yes'" in shown["state"]["blocks"]["b"]["reason"]
    assert (await bench.run(source, {"go": "yes"}))["status"] == "completed"


async def test_every_block_skipped_means_the_execution_is(bench: Bench) -> None:
    shown = await bench.run(
        """
        version: 1
        name: All
        inputs: {go: {default: "no"}}
        blocks:
          a: {type: template, if: "go == 'yes'", text: a}
          b: {type: template, needs: [a], text: b}
        """
    )
    assert shown["status"] == "skipped"
    assert shown["completedBlocks"] == 2


FAILING = """
    version: 1
    name: Failing
    inputs: {kind: {default: none}}
    blocks:
      bad: {type: condition, branches: {a: "kind == 'a'"}%s}
      after: {type: template, needs: [bad], text: "got: {{ blocks.bad.output }}"}
      later: {type: template, needs: [after], text: later}
      apart: {type: template, text: apart}
"""


async def test_a_failure_skips_what_depends_on_it_and_lets_the_rest_go_on(bench: Bench) -> None:
    shown = await bench.run(FAILING % "")
    blocks = shown["state"]["blocks"]
    assert statuses(shown) == {"bad": "failed", "after": "skipped", "later": "skipped", "apart": "completed"}
    assert shown["status"] == "failed"
    assert shown["error"].startswith('Block "bad" failed: ')
    assert '"bad"' in blocks["after"]["reason"]
    assert blocks["bad"]["error"]
    assert shown["completedBlocks"] == 3


async def test_on_error_continue_hands_the_error_on_as_output(bench: Bench) -> None:
    shown = await bench.run(FAILING % ", on_error: continue")
    blocks = shown["state"]["blocks"]
    assert shown["status"] == "completed"
    assert blocks["bad"]["output"] == blocks["bad"]["error"]
    assert blocks["after"]["output"] == "got: " + blocks["bad"]["error"]
    assert shown["completedBlocks"] == 4

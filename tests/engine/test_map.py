"""Map blocks: every item once, in order, within the concurrency limit, each with a status of its own."""

from __future__ import annotations

import json
from functools import partial

import pytest

from runwright.executions import items
from runwright.executions.status import Status
from runwright.kit.json import dumps
from tests.engine.conftest import Bench
from tests.engine.target import Target
from tests.engine.test_calls import CHILD

pytestmark = pytest.mark.anyio

MAP = """
    version: 1
    name: Map
    inputs: {list: {default: ""}}
    blocks:
      each:
        type: map
        over: "{{ list }}"
        %s
      after: {type: template, needs: [each], text: "{{ blocks.each.output }}"}
"""


async def run(bench: Bench, fields: str, values: object = ("a", "b", "c")) -> dict:
    text = values if isinstance(values, str) else dumps(list(values))
    return (await bench.run(MAP % fields, {"list": text}))["state"]["blocks"]["each"]


async def test_the_outputs_come_in_the_order_of_the_items(bench: Bench) -> None:
    block = await run(bench, 'block: {type: template, text: "{{ index }}:{{ item }}"}')
    assert json.loads(block["output"]) == ["0:a", "1:b", "2:c"]


async def test_items_may_be_objects_and_structured_outputs_stay_so(bench: Bench) -> None:
    values = [{"id": 1, "tags": ["x"]}, {"id": 2, "tags": []}]
    block = await run(bench, "block: {type: template, text: '[{{ item.id }}, {{ item.tags }}]'}", values)
    assert json.loads(block["output"]) == [[1, ["x"]], [2, []]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", []), ("[]", []), ("one\n\n  two \n", ["one", "two"]), ("only", ["only"])],
)
async def test_a_text_has_an_item_on_each_line(bench: Bench, text: str, expected: list[str]) -> None:
    block = await run(bench, 'block: {type: template, text: "{{ item }}"}', text)
    assert json.loads(block["output"]) == expected


@pytest.mark.parametrize(("text", "words"), [('{"a": 1}', "it must be a list"), ("[1, 2", "cannot be read")])
async def test_what_is_no_list_is_told(bench: Bench, text: str, words: str) -> None:
    assert words in (await run(bench, 'block: {type: template, text: "x"}', text))["error"]


async def test_a_million_items_are_refused(bench: Bench) -> None:
    block = await run(bench, 'block: {type: template, text: "x"}', "\n" * 10 + "x\n" * 1_000_000)
    assert "1,000,000 items" in block["error"]
    assert "at most 10,000" in block["error"]


FAILING = "block: {type: code, language: python, inputs: {n: '{{ item }}'}, code: \"10 // int(n)\"}"


async def test_a_failed_item_fails_the_block(bench: Bench) -> None:
    block = await run(bench, FAILING, ["5", "0", "2"])
    assert block["status"] == "failed"
    assert "Item 1 " in block["error"]


async def test_failed_items_are_skipped_when_asked_for(bench: Bench) -> None:
    block = await run(bench, f"on_item_error: skip\n        {FAILING}", ["5", "0", "2"])
    assert json.loads(block["output"]) == ["2", "5"]


async def test_failed_items_are_collected_when_asked_for(bench: Bench) -> None:
    block = await run(bench, f"on_item_error: collect\n        {FAILING}", ["5", "0"])
    first, second = json.loads(block["output"])
    assert first == "2"
    assert "division" in second["error"].lower()


async def test_an_item_is_tried_again_as_its_block_says(bench: Bench, target: Target) -> None:
    inner = f"block: {{type: http, url: '{target.url}/{{{{ item }}}}?fail=2', retry: {{attempts: 3, backoff: 0.01}}}}"
    block = await run(bench, inner, ["one"])
    assert block["status"] == "completed"


async def test_each_item_has_a_status_of_its_own(bench: Bench) -> None:
    source = MAP % f"on_item_error: skip\n        {FAILING}"
    shown = await bench.run(source, {"list": "5\n0"})
    listed = await bench.database.read(partial(items.list_page, execution_id=shown["id"], block_key="each", limit=10))
    assert [(state.item, state.status, state.output) for state in listed] == [
        (0, Status.COMPLETED, "2"),
        (1, Status.FAILED, None),
    ]
    counts = await bench.database.read(partial(items.counts, execution_id=shown["id"]))
    assert counts["each"] == items.ItemCounts(completed=1, failed=1)


async def test_a_workflow_runs_for_each_item(bench: Bench) -> None:
    child = await bench.publish(CHILD % "")
    inner = f"concurrency: 2\n        block: {{type: workflow, id: {child}, inputs: {{who: '{{{{ item }}}}'}}}}"
    block = await run(bench, inner, ["a", "b", "c", "d", "e"])
    assert json.loads(block["output"]) == [f"<Hello {who}>" for who in "abcde"]


async def test_items_may_wait(bench: Bench) -> None:
    block = await run(bench, "block: {type: wait, seconds: 0.05}", ["a", "b"])
    assert len(json.loads(block["output"])) == 2


async def test_ten_thousand_items(bench: Bench) -> None:
    fields = 'concurrency: 100\n        block: {type: template, text: "{{ index }}"}'
    source = MAP % fields
    execution_id = await bench.start(await bench.publish(source), {"list": "x\n" * 10_000})
    shown = await bench.until(execution_id, within=120)
    assert json.loads(shown["state"]["blocks"]["each"]["output"]) == [str(item) for item in range(10_000)]

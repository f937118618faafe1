"""The inner block of a map, callback addresses, the limits section: what a file may say, and what is refused where."""

from __future__ import annotations

import pytest

from runwright.workflows.definition import Limits, WorkflowFileError
from runwright.workflows.parser import parse


def mapped(inner: str, *, more: str = "") -> str:
    head = "version: 1\nname: M\ninputs: {list: {}}\nblocks:\n  each:\n    type: map\n"
    return f"{head}    over: '{{{{ list }}}}'\n    block: {inner}\n{more}"


def complaint(source: str) -> tuple[int, str, str]:
    with pytest.raises(WorkflowFileError) as caught:
        parse(source)
    problem = caught.value.problems[0]
    return problem.line, problem.path, problem.message


def test_the_inner_block_knows_item_and_index_and_all_that_the_map_knows() -> None:
    definition = parse(mapped('{type: template, text: "{{ index }} {{ item.name }} {{ list }}", timeout: 5}'))
    block = definition.blocks["each"]
    assert block.inner is not None
    assert (block.inner.type, block.inner.timeout) == ("template", 5)
    assert block.names == ("list",)


@pytest.mark.parametrize("kind", ["map", "review", "output"])
def test_some_types_cannot_run_for_each_item(kind: str) -> None:
    line, path, message = complaint(mapped(f"{{type: {kind}}}"))
    assert (line, path) == (8, "blocks.each.block.type")
    assert "cannot run for each item" in message


@pytest.mark.parametrize(
    ("inner", "path", "words"),
    [
        ("{text: x}", "blocks.each.block.type", "'type' is missing"),
        ("{type: templat, text: x}", "blocks.each.block.type", "did you mean 'template'"),
        ("{type: template}", "blocks.each.block.text", "text"),
        ("{type: template, text: x, needs: [a]}", "blocks.each.block.needs", "unknown field 'needs'"),
        ('{type: template, text: "{{ nobody }}"}', "blocks.each.block.text", "no context variable 'nobody'"),
        ("5", "blocks.each.block", ""),
    ],
)
def test_what_is_wrong_inside_is_told_at_its_place(inner: str, path: str, words: str) -> None:
    _, found, message = complaint(mapped(inner))
    assert found == path
    assert words in message


def test_item_is_known_inside_a_map_only() -> None:
    source = mapped("{type: template, text: x}", more='  after: {type: template, text: "{{ item }}"}\n')
    assert "known only inside a map block" in complaint(source)[2]


def test_a_callback_address_is_that_of_a_wait_block_with_a_callback() -> None:
    source = (
        'version: 1\nname: C\nblocks:\n  a: {type: template, text: "{{ blocks.b.callback }}"}\n  b: {type: wait, %s}\n'
    )
    assert parse(source % "callback: true").blocks["a"].referenced == ()
    assert "no address to call back" in complaint(source % "seconds: 1")[2]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [("{cost: 0.8}", Limits(0.8)), ("{cost: 1, cheaper_model: 'openai:small'}", Limits(1.0, "openai:small"))],
)
def test_limits(limits: str, expected: Limits) -> None:
    source = f"version: 1\nname: L\nlimits: {limits}\nblocks:\n  a: {{type: template, text: x}}\n"
    assert parse(source).limits == expected


@pytest.mark.parametrize("limits", ["{cost: -1}", "{cost: much}", "{costs: 1}", "{cheaper_model: small}", "5"])
def test_limits_that_make_no_sense(limits: str) -> None:
    source = f"version: 1\nname: L\nlimits: {limits}\nblocks:\n  a: {{type: template, text: x}}\n"
    line, path, _ = complaint(source)
    assert line == 3
    assert path.startswith("limits")

"""Export: what was imported comes out again, with the trigger settings of now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from runwright.workflows.definition import ApiTrigger, BlockDefinition, Concurrency, WorkflowDefinition
from runwright.workflows.export import emit, export, renamed
from runwright.workflows.nodes import Mapping, decode, read
from runwright.workflows.parser import parse

ENABLED = ApiTrigger(enabled=True, concurrency=Concurrency.CANCEL_PREVIOUS)

SOURCE = """\
# Written by hand.
version: 1
name: Hello   # the name

triggers:
  api:
    enabled: false   # not yet

    concurrency: parallel

# The blocks
blocks:
  a:
    type: template
    text: |
      # no comment
      triggers: none
inputs:
  price: {default: 1.10}
"""


def test_what_is_the_same_already_is_not_touched() -> None:
    assert export(SOURCE, ApiTrigger()) == SOURCE


def test_only_the_section_changes() -> None:
    exported = export(SOURCE, ENABLED)
    section = SOURCE[SOURCE.index("triggers:") : SOURCE.index("\n# The blocks")]
    expected = "triggers:\n  api:\n    enabled: true\n    concurrency: cancel_previous\n"
    assert exported == SOURCE.replace(section, expected)


@pytest.mark.parametrize(
    "source",
    [
        "version: 1\nname: x\nblocks: {a: {type: template, text: b}}",
        "version: 1\nname: x\nblocks: {a: {type: template, text: b}}\n...\n",
        "---\nversion: 1\nname: x\ntriggers: {}\nblocks: {a: {type: template, text: b}}\n# end\n",
        "{version: 1, name: x, inputs: {p: {default: 1.10}}, blocks: {a: {type: template, text: b}}}",
        '{"version": 1, "name": "x", "triggers": {"api": {}},\n "blocks": {"a": {"type": "template", "text": "b"}}}',
        "version: 1\nname: x\ntriggers:\n  api: {concurrency: &c parallel}\nblocks: {a: {type: template, text: *c}}\n",
        "  version: 1\n  name: x\n  triggers: {api: {enabled: false}}\n  blocks: {a: {type: template, text: b}}\n",
        "version: 1\r\nname: x\r\ntriggers: {}\r\nblocks: {a: {type: template, text: b}}\r\n",
    ],
)
def test_every_layout_takes_the_settings(source: str) -> None:
    before, after = parse(source), parse(export(source, ENABLED))
    assert after.api == ENABLED
    assert _without_lines(replace(after, api=before.api)) == _without_lines(before)


def test_a_workflow_is_renamed_in_its_file() -> None:
    text = renamed(SOURCE, 'Copy of "Hello": 1')
    assert parse(text).name == 'Copy of "Hello": 1'
    assert "# Written by hand." in text


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0{"), max_size=20)
WORDS = st.sampled_from(
    ["1.10", "yes", "null", "007", "- a", "a: b", "# x", " a ", "'", "{{ tag }}", "x\n\ny\n", "\x85"]
)
NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20)
KEYS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True)
ANY_TEXT = st.one_of(TEXTS, WORDS)


@st.composite
def workflows(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(
        st.lists(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True), unique=True, min_size=1, max_size=5)
    )
    blocks: dict[str, Any] = {}
    for index, key in enumerate(keys):
        block = draw(st.sampled_from([{"type": "template"}, {"type": "output"}]))
        field = "text" if block["type"] == "template" else "value"
        blocks[key] = {
            **block,
            field: draw(ANY_TEXT),
            "needs": draw(st.lists(st.sampled_from(keys[:index]), unique=True)) if index else [],
            "description": draw(ANY_TEXT),
            "artifact": draw(st.booleans()),
            "retry": {"attempts": draw(st.integers(1, 5)), "backoff": draw(st.floats(0, 10))},
        }
    inputs = {"tag": {"default": draw(ANY_TEXT), "required": draw(st.booleans())}}
    return {"version": 1, "name": "x" + draw(NAMES), "inputs": inputs, "blocks": blocks}


@given(workflows(), st.booleans(), st.sampled_from(Concurrency), st.sampled_from([None, False, True]))
def test_export_and_import_give_the_same_workflow(
    content: dict[str, Any], enabled: bool, concurrency: Concurrency, flow: bool | None
) -> None:
    source = yaml.safe_dump(content, allow_unicode=True, default_flow_style=flow, sort_keys=False)
    api = ApiTrigger(enabled=enabled, concurrency=concurrency)
    before, after = parse(source), parse(export(source, api))
    assert (after.api or ApiTrigger()) == api
    assert _without_lines(replace(after, api=None)) == _without_lines(replace(before, api=None))


@given(workflows())
def test_a_document_written_anew_says_the_same(content: dict[str, Any]) -> None:
    source = yaml.safe_dump(content, allow_unicode=True)
    node = read(decode(source))
    assert isinstance(node, Mapping)
    assert _without_lines(parse(emit(node))) == _without_lines(parse(source))


def _without_lines(definition: WorkflowDefinition) -> tuple[WorkflowDefinition, dict[str, BlockDefinition]]:
    blocks = {key: replace(block, line=0) for key, block in definition.blocks.items()}
    return replace(definition, blocks={}), blocks

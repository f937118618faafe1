"""Forms that are more than a field: inner blocks, called workflows, tools, structured answers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.e2e.seeds import NOTES
from tests.e2e.server import Api

BLOCKS = """
version: 1
name: Forms
inputs: {names: {default: a}}
blocks:
  each: {type: map, name: Each, over: "{{ names }}", block: {type: template, text: "{{ item }}"}}
  call: {type: workflow, name: Call, id: CALLED}
  think: {type: agent, name: Think, prompt: "Well?"}
"""


@pytest.fixture
def editor(page: Page, api: Api) -> Editor:
    """A workflow with such blocks, in its editor."""
    called = api.make_workflow(NOTES.replace("Release notes", "Called from others"))
    return Editor(page, api, api.make_workflow(BLOCKS.replace("CALLED", called), publish=False)).open()


def test_the_inner_block_of_a_map_is_chosen_and_filled_in(editor: Editor) -> None:
    editor.select("each")
    panel = editor.panel()
    panel.get_by_role("button", name="Insert a variable into Text").click()
    editor.page.get_by_role("option", name="index", exact=True).click()
    expect(panel.get_by_role("textbox", name="Text")).to_have_value("{{ item }}{{ index }}")
    panel.get_by_role("combobox", name="Type of the inner block").click()
    expect(editor.page.get_by_role("option", name="Review")).to_be_hidden()
    editor.page.get_by_role("option", name="Agent").click()
    panel.get_by_role("textbox", name="Prompt").fill("Greet {{ item }}")
    assert editor.save()["blocks"]["each"]["block"] == {"type": "agent", "prompt": "Greet {{ item }}"}


def test_a_called_workflow_is_chosen_and_given_its_variables(editor: Editor) -> None:
    editor.select("call")
    panel = editor.panel()
    expect(panel.get_by_role("combobox", name="Workflow")).to_have_value("Called from others")
    panel.get_by_role("textbox", name="release_tag").fill("v{{ names }}")
    assert editor.save()["blocks"]["call"]["inputs"] == {"release_tag": "v{{ names }}"}


def test_a_structured_answer_is_described_by_fields_or_as_json(editor: Editor) -> None:
    editor.select("think")
    panel = editor.panel()
    panel.get_by_text("Fields", exact=True).click()
    field = panel.get_by_role("group", name="field1")
    field.get_by_role("textbox", name="Description of field field1").fill("A short one")
    name = field.get_by_role("textbox", name="Name of field field1")
    name.fill("title")
    name.press("Tab")
    panel.get_by_role("button", name="Add a field").click()
    panel.get_by_role("combobox", name="Type of field field1").click()
    editor.page.get_by_role("option", name="List of texts").click()
    panel.get_by_role("group", name="field1").get_by_role("switch", name="Required").click()
    schema = {
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "A short one"},
            "field1": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["title"],
    }
    assert editor.save()["blocks"]["think"]["output"] == schema
    panel.get_by_text("JSON schema", exact=True).click()
    text = panel.get_by_role("textbox", name="JSON schema")
    text.fill('{"type": "object", "properties": {"mood": {"type": "string", "enum": ["good", "bad"]}}}')
    expect(panel.get_by_text("says more than a list of fields can show")).to_be_visible()
    assert list(editor.save()["blocks"]["think"]["output"]["properties"]) == ["mood"]


def test_checks_and_tools_of_an_agent_are_lists_of_forms(editor: Editor) -> None:
    editor.select("think")
    panel = editor.panel()
    panel.get_by_role("button", name="Add to Checks").click()
    check = panel.get_by_role("group", name="Checks 1")
    check.get_by_role("textbox", name="Judge").fill("It is friendly.")
    panel.get_by_role("button", name="Add to Workflows").click()
    tool = panel.get_by_role("group", name="Workflows 1")
    tool.get_by_role("combobox", name="Workflow").click()
    editor.page.get_by_role("option", name="Called from others").first.click()
    think = editor.save()["blocks"]["think"]
    assert think["checks"] == [{"judge": "It is friendly."}]
    assert list(think["tools"]["workflows"][0]) == ["id"]
    panel.get_by_role("button", name="Remove Checks 1").click()
    assert "checks" not in editor.save()["blocks"]["think"]

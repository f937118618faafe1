"""The editor's panel: forms from schemas, look-ups, problems and context variables; and the YAML view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.editor import MOD, Editor
from tests.e2e.seeds import NOTES
from tests.e2e.server import Api

MIXED = """
version: 1
name: Mixed
inputs: {who: {default: you}}
blocks:
  # asks around
  ask: {type: http, name: Ask, url: "https://example.com"}
  think:
    type: agent
    name: Think
    needs: [ask]
    prompt: "Sum up"
    output: {type: object, properties: {title: {type: string}}}
  tell: {type: output, name: Tell, needs: [think], value: "{{ blocks.think.output.title }}"}
"""

MakeEditor = Callable[[str], Editor]


@pytest.fixture
def editor(page: Page, api: Api) -> MakeEditor:
    """Make a workflow and open its editor."""
    return lambda source: Editor(page, api, api.make_workflow(source)).open()


def yaml_view(on: Editor) -> Locator:
    """Show the file beside the canvas."""
    on.page.get_by_role("button", name="YAML").click()
    text = on.page.get_by_role("textbox", name="YAML of the workflow")
    expect(text).to_be_visible()
    return text


def test_a_form_is_drawn_from_the_type_of_the_block(editor: MakeEditor) -> None:
    on = editor(MIXED)
    on.select("ask")
    panel = on.panel()
    panel.get_by_role("textbox", name="URL").fill("https://example.com/{{ who }}")
    panel.get_by_role("combobox", name="Method").click()
    on.page.get_by_role("option", name="POST", exact=True).click()
    panel.get_by_role("button", name="Add to Headers").click()
    panel.get_by_role("textbox", name="Headers: name 1").fill("Accept")
    panel.get_by_role("textbox", name="Value of").fill("text/plain")
    panel.get_by_role("button", name="When it fails").click()
    panel.get_by_role("textbox", name="Attempts").fill("3")
    panel.get_by_role("button", name="What becomes of its output").click()
    panel.get_by_role("switch", name="Ask a person to review the output").click()
    panel.get_by_role("textbox", name="What the person is asked").fill("Right.")
    expect(on.card("ask")).to_contain_text("POST https://example.com/{{ who }}")
    block = on.save()["blocks"]["ask"]
    assert block["headers"] == {"Accept": "text/plain"}
    assert (block["retry"], block["review"]) == ({"attempts": 3}, {"message": "Right."})
    assert "# asks around" in on.source()


def test_what_can_be_looked_up_is_what_is_upstream(editor: MakeEditor) -> None:
    on = editor(MIXED)
    on.select("tell")
    on.panel().get_by_role("button", name="Insert a variable into Value").click()
    options = on.page.get_by_role("option")
    expect(options.filter(has_text="blocks.think.output.title")).to_be_visible()
    expect(options.filter(has_text="blocks.ask.output")).to_be_visible()
    on.page.keyboard.press("Escape")
    on.select("think")
    on.panel().get_by_role("button", name="Insert a variable into Prompt").click()
    expect(options.filter(has_text="blocks.ask.output")).to_be_visible()
    expect(options.filter(has_text="blocks.tell.output")).to_be_hidden()
    on.page.get_by_label("Search variables").filter(visible=True).fill("who")
    options.filter(has_text="who").click()
    expect(on.panel().get_by_role("textbox", name="Prompt")).to_have_value("Sum up{{ who }}")


def test_what_is_wrong_is_told_at_the_field_and_on_the_block(editor: MakeEditor) -> None:
    on = editor(MIXED)
    on.select("think")
    on.panel().get_by_role("textbox", name="Prompt").fill("Hello {{ nobody }}")
    expect(on.panel().get_by_role("textbox", name="Prompt")).to_have_attribute("aria-invalid", "true")
    expect(on.panel()).to_contain_text("nobody")
    expect(on.card("think").get_by_role("img", name="Has a problem")).to_be_visible()
    on.page.locator(".react-flow__pane").click(position={"x": 300, "y": 40})
    on.page.get_by_role("button", name="1 problem").click()
    expect(on.panel().get_by_role("heading", name="Think", level=2)).to_be_visible()
    on.page.keyboard.press(f"{MOD}+z")
    expect(on.page.get_by_text("No problems")).to_be_visible()


def test_context_variables_are_made_changed_and_renamed_in_texts(editor: MakeEditor) -> None:
    on = editor(NOTES)
    panel = on.panel()
    panel.get_by_role("button", name="Add a variable").click()
    made = panel.get_by_role("group", name="variable1")
    made.get_by_role("textbox", name="What it is for").fill("Where it goes")
    made.get_by_role("textbox", name="Default value").fill("mail")
    first = panel.get_by_role("group", name="release_tag").get_by_role("textbox", name="Name of the variable")
    first.fill("tag")
    first.press("Tab")
    panel.get_by_role("button", name="Add a variable").click()
    panel.get_by_role("button", name="Remove variable2").click()
    saved = on.save()
    assert list(saved["inputs"]) == ["tag", "commits", "audience", "variable1"]
    assert saved["inputs"]["variable1"] == {"description": "Where it goes", "default": "mail"}
    assert saved["blocks"]["scope"]["branches"]["major"] == "tag == 'v2.0.0'"
    assert "# Release {{ tag }}" in saved["blocks"]["summary"]["text"]


def test_branches_are_added_renamed_and_removed(editor: MakeEditor) -> None:
    on = editor(NOTES)
    on.select("scope")
    panel = on.panel()
    panel.get_by_role("button", name="Add a branch").click()
    panel.get_by_role("textbox", name="Condition of branch branch1").fill("audience == 'staff'")
    name = panel.get_by_role("textbox", name="Name of branch major")
    name.fill("big")
    name.press("Tab")
    expect(on.handle("scope", "branch:big")).to_be_visible()
    panel.get_by_role("button", name="Remove minor").click()
    blocks = on.save()["blocks"]
    assert blocks["scope"]["branches"] == {"big": "release_tag == 'v2.0.0'", "branch1": "audience == 'staff'"}
    assert blocks["announcement"]["needs"] == ["scope.big"]
    assert "needs" not in blocks["summary"]


def test_the_yaml_view_and_the_canvas_follow_each_other(editor: MakeEditor) -> None:
    on = editor(MIXED)
    text = yaml_view(on)
    on.select("tell")
    on.panel().get_by_role("textbox", name="Name", exact=True).fill("Spread the word")
    expect(text).to_contain_text("Spread the word")
    text.click()
    on.page.keyboard.press(f"{MOD}+End")
    on.page.keyboard.insert_text("  more: {type: template, name: One more, needs: [tell], text: hi}\n")
    expect(on.card("more")).to_contain_text("One more")
    expect(on.lines()).to_have_count(3)
    on.page.keyboard.press(f"{MOD}+z")
    expect(on.card("more")).to_be_hidden()
    on.page.keyboard.press(f"{MOD}+z")
    expect(on.card("tell")).to_contain_text("Tell")


def test_text_that_is_no_yaml_yet_loses_nothing(editor: MakeEditor) -> None:
    on = editor(MIXED)
    text = yaml_view(on)
    text.click()
    on.page.keyboard.press(f"{MOD}+End")
    on.page.keyboard.insert_text("  broken: [")
    expect(on.page.get_by_text("This is no YAML yet")).to_be_visible()
    expect(on.card("tell")).to_be_visible()
    on.page.keyboard.press(f"{MOD}+z")
    expect(on.page.get_by_text("This is no YAML yet")).to_be_hidden()

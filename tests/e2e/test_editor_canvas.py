"""The editor's canvas: cards, lines, picker, clipboard, undo and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.e2e.editor import MOD, Editor
from tests.e2e.seeds import NOTES
from tests.e2e.server import Api

PAIR = """
version: 1
name: Pair
inputs: {who: {default: you}}
blocks:
  first: {type: template, name: First, text: "Hello {{ who }}"}  # kept
  last: {type: output, name: Last, needs: [first], value: "{{ blocks.first.output }}"}
"""

MakeEditor = Callable[[str], Editor]


@pytest.fixture
def editor(page: Page, api: Api) -> MakeEditor:
    """Make a workflow and open its editor."""
    return lambda source: Editor(page, api, api.make_workflow(source)).open()


def test_a_card_shows_what_a_block_is_and_does(editor: MakeEditor) -> None:
    on = editor(NOTES)
    card = on.card("announcement")
    expect(card).to_contain_text("Announce widely")
    expect(card).to_contain_text("A big one: {{ release_tag }}")
    expect(card.locator("svg").first).to_be_visible()
    expect(on.card("scope")).to_contain_text("majorminor")
    expect(on.page.get_by_role("img", name="Map of the workflow")).to_be_visible()


def test_a_line_dropped_into_empty_space_asks_for_a_block(editor: MakeEditor) -> None:
    on = editor(PAIR)
    on.drag(on.handle("first", "whole"), to=on.free_space())
    on.pick("Template")
    expect(on.card("template")).to_be_visible()
    expect(on.lines()).to_have_count(2)
    assert on.save()["blocks"]["template"]["needs"] == ["first"]


def test_the_plus_on_a_line_inserts_a_block(editor: MakeEditor) -> None:
    on = editor(PAIR)
    on.page.get_by_role("button", name="Insert a block between first and last").click()
    on.pick("Wait")
    blocks = on.save()["blocks"]
    assert list(blocks) == ["first", "wait", "last"]
    assert (blocks["wait"]["needs"], blocks["last"]["needs"]) == (["first"], ["wait"])
    assert "# kept" in on.source()


def test_branches_leave_a_condition_by_their_own_handles(editor: MakeEditor) -> None:
    on = editor(NOTES)
    on.drag(on.handle("scope", "branch:major"), to=on.handle("facts", "in"))
    assert on.save()["blocks"]["facts"]["needs"] == ["scope.major"]
    on.drag(on.handle("scope", "branch:minor"), to=on.free_space())
    on.pick("Output")
    assert on.save()["blocks"]["output"]["needs"] == ["scope.minor"]


def test_a_line_that_would_go_in_a_circle_is_not_drawn(editor: MakeEditor) -> None:
    on = editor(PAIR)
    on.drag(on.handle("last", "whole"), to=on.handle("first", "in"))
    expect(on.lines()).to_have_count(1)
    expect(on.dialog()).to_be_hidden()


def test_a_line_is_selected_and_deleted(editor: MakeEditor) -> None:
    on = editor(PAIR)
    on.lines().first.click(position={"x": 12, "y": 4}, force=True)
    on.page.keyboard.press("Delete")
    expect(on.lines()).to_have_count(0)
    on.page.keyboard.press(f"{MOD}+z")
    expect(on.lines()).to_have_count(1)


def test_blocks_are_moved_arranged_and_moved_back(editor: MakeEditor) -> None:
    on = editor(PAIR)
    arranged = on.place("last")
    on.drag(on.card("last"), to=on.free_space())
    expect(on.card("last")).not_to_have_css("transform", arranged)
    moved = on.place("last")
    on.page.reload()
    expect(on.card("last")).to_have_css("transform", moved)
    on.page.keyboard.press("Shift+L")
    expect(on.card("last")).to_have_css("transform", arranged)
    on.page.keyboard.press(f"{MOD}+z")
    expect(on.card("last")).to_have_css("transform", moved)


def test_several_blocks_are_copied_as_yaml_text_and_pasted(editor: MakeEditor) -> None:
    on = editor(PAIR)
    on.page.keyboard.press(f"{MOD}+a")
    expect(on.panel()).to_contain_text("2 blocks selected")
    on.page.keyboard.press(f"{MOD}+c")
    copied = yaml.safe_load(on.page.evaluate("navigator.clipboard.readText()"))
    assert list(copied["blocks"]) == ["first", "last"]
    on.page.keyboard.press(f"{MOD}+v")
    expect(on.page.locator(".react-flow__node")).to_have_count(4)
    pasted = on.save()["blocks"]["last-2"]
    assert pasted["needs"] == ["first-2"]
    assert pasted["value"] == "{{ blocks.first-2.output }}"


def test_yaml_text_from_elsewhere_becomes_blocks(editor: MakeEditor) -> None:
    on = editor(PAIR)
    text = "asked:\n  type: agent\n  name: Ask\n  needs: [first]\n  prompt: Well?\n"
    on.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    on.page.locator(".react-flow__pane").click(position={"x": 300, "y": 40})
    on.page.keyboard.press(f"{MOD}+v")
    expect(on.card("asked")).to_contain_text("Ask")
    assert on.save()["blocks"]["asked"] == {"type": "agent", "name": "Ask", "needs": ["first"], "prompt": "Well?"}


def test_shift_and_drag_selects_what_it_touches(editor: MakeEditor) -> None:
    on = editor(PAIR)
    first, last = on.card("first").bounding_box(), on.card("last").bounding_box()
    assert first
    assert last
    on.page.keyboard.down("Shift")
    on.page.mouse.move(first["x"] - 30, first["y"] - 30)
    on.page.mouse.down()
    on.page.mouse.move(last["x"] + 40, last["y"] + last["height"] + 30, steps=5)
    on.page.mouse.up()
    on.page.keyboard.up("Shift")
    expect(on.panel()).to_contain_text("2 blocks selected")


def test_the_keys_of_selected_blocks(editor: MakeEditor) -> None:
    on = editor(PAIR)
    keys = on.page.keyboard
    on.select("first")
    keys.press(f"{MOD}+d")
    expect(on.card("first-2")).to_be_visible()
    keys.press(f"{MOD}+x")
    expect(on.card("first-2")).to_be_hidden()
    assert "first-2" in on.page.evaluate("navigator.clipboard.readText()")
    on.select("first")
    keys.press("F2")
    on.dialog("Rename the block").get_by_role("textbox", name="Name").fill("Greeting")
    keys.press("Enter")
    expect(on.card("first")).to_contain_text("Greeting")
    keys.press("d")
    expect(on.card("first")).to_contain_text("Switched off")
    keys.press("d")
    expect(on.card("first")).not_to_contain_text("Switched off")
    keys.press("Tab")
    on.find("output")
    expect(on.card("output")).to_be_visible()
    keys.press("Delete")
    expect(on.card("output")).to_be_hidden()


def test_everything_is_undone_and_done_again(editor: MakeEditor) -> None:
    on = editor(PAIR)
    keys = on.page.keyboard
    on.select("first")
    on.panel().get_by_role("textbox", name="Name", exact=True).fill("Greeting")
    expect(on.card("first")).to_contain_text("Greeting")
    on.select("last")
    keys.press("d")
    keys.press("Delete")
    expect(on.card("last")).to_be_hidden()
    keys.press(f"{MOD}+z")
    expect(on.card("last")).to_contain_text("Switched off")
    keys.press(f"{MOD}+z")
    expect(on.card("last")).not_to_contain_text("Switched off")
    keys.press(f"{MOD}+z")
    expect(on.card("first")).to_contain_text("First")
    expect(on.page.get_by_role("button", name="Undo")).to_be_disabled()
    for _ in range(3):
        keys.press(f"Shift+{MOD}+z")
    expect(on.card("last")).to_be_hidden()
    expect(on.card("first")).to_contain_text("Greeting")


def test_the_palette_finds_commands_and_blocks(editor: MakeEditor) -> None:
    on = editor(PAIR)
    on.command("go to last")
    expect(on.panel().get_by_role("heading", name="Last")).to_be_visible()
    on.command("outline")
    expect(on.page.get_by_role("region", name="Blocks, in the order of the file")).to_be_visible()


def test_a_question_mark_shows_all_keys(editor: MakeEditor) -> None:
    on = editor(PAIR)
    on.page.keyboard.press("?")
    shown = on.dialog("Keyboard shortcuts")
    for key in ("Enter", "S", "Z", "C", "X", "V", "D", "Tab", "Delete", "F2", "K"):
        expect(shown.get_by_text(key).first).to_be_visible()
    on.page.keyboard.press("Escape")
    expect(shown).to_be_hidden()


def test_two_hundred_blocks_are_drawn_and_moved(editor: MakeEditor) -> None:
    lines = [
        f"  b{n}: {{type: template, text: x{', needs: [b' + str(n - 1) + ']' if n % 10 else ''}}}" for n in range(200)
    ]
    on = editor("version: 1\nname: Many\nblocks:\n" + "\n".join(lines) + "\n")
    before = on.place("b105")
    on.drag(on.card("b105"), to=on.free_space())
    expect(on.card("b105")).not_to_have_css("transform", before)
    expect(on.page.get_by_role("button", name="Undo")).to_be_enabled()

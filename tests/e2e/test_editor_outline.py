"""The outline: everything the canvas does, with the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.editor import MOD, Editor
from tests.e2e.seeds import NOTES
from tests.e2e.server import Api

START = "version: 1\nname: By keyboard\nblocks:\n  start: {type: template, text: Hello}\n"


def outline(page: Page, api: Api, source: str) -> Editor:
    """Open a workflow's outline by keyboard."""
    on = Editor(page, api, api.make_workflow(source)).open()
    on.command("outline view")
    expect(page.get_by_role("region", name="Blocks, in the order of the file")).to_be_visible()
    return on


def reach(page: Page, name: str) -> None:
    """Go on with Tab until something has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(_NAMED, [name]):
            return
    raise AssertionError(f"Tab does not reach {name!r}")


_NAMED = """([wanted]) => {
  const at = document.activeElement;
  const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent;
  return label.trim().startsWith(wanted);
}"""


def menu(page: Page, block: str, entry: str) -> None:
    """Choose something from a block's menu, by keyboard."""
    reach(page, f"Actions for {block}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    for _ in range(20):
        if page.evaluate(_NAMED, [entry]):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_hidden()


def test_a_workflow_is_built_and_run_without_a_mouse(page: Page, api: Api) -> None:
    on = outline(page, api, START)
    keys = page.keyboard
    reach(page, "start")
    keys.press("Enter")
    expect(on.panel().get_by_role("heading", name="start", level=2)).to_be_visible()
    menu(page, "start", "Add a block after it")
    on.find("output")
    expect(on.panel().get_by_role("heading", name="output", level=2)).to_be_visible()
    keys.press(f"{MOD}+Enter")
    expect(on.dialog("Run the workflow")).to_be_visible()
    reach(page, "Run")
    keys.press("Enter")
    expect(page.get_by_role("group", name="The run that is shown")).to_contain_text("Completed")
    expect(on.panel()).to_contain_text("Hello")
    assert on.stored()["blocks"]["output"]["needs"] == ["start"]


def test_connections_are_made_and_taken_away_without_a_mouse(page: Page, api: Api) -> None:
    on = outline(page, api, NOTES)
    keys = page.keyboard
    menu(page, "Announce widely", "Connections")
    shown = on.dialog("Connections of Announce widely")
    needs = shown.get_by_role("combobox", name="Runs after")
    expect(needs).to_be_visible()
    reach(page, "Runs after")
    keys.press("Backspace")
    keys.type("Facts")
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.press("Escape")
    reach(page, "Leads to")
    keys.press("Backspace")
    reach(page, "Done")
    keys.press("Enter")
    expect(shown).to_be_hidden()
    blocks = on.save()["blocks"]
    assert blocks["announcement"]["needs"] == ["facts"]
    assert blocks["result"]["needs"] == ["summary", "facts"]


def test_a_block_is_inserted_renamed_moved_and_deleted_without_a_mouse(page: Page, api: Api) -> None:
    on = outline(page, api, NOTES)
    keys = page.keyboard
    menu(page, "Summarize", "Add a block between")
    on.find("wait")
    expect(on.panel().get_by_role("heading", name="wait", level=2)).to_be_visible()
    menu(page, "wait", "Rename")
    expect(on.dialog("Rename the block").get_by_role("textbox")).to_be_focused()
    keys.type("A pause")
    keys.press("Enter")
    menu(page, "A pause", "Move up")
    blocks = on.save()["blocks"]
    assert list(blocks)[:2] == ["wait", "scope"]
    assert (blocks["wait"]["name"], blocks["wait"]["needs"]) == ("A pause", ["scope.minor"])
    assert blocks["summary"]["needs"] == ["wait"]
    page.evaluate("document.activeElement.blur()")
    menu(page, "A pause", "Delete")
    expect(page.get_by_role("button", name="Actions for A pause")).to_be_hidden()


def test_arrow_keys_go_from_block_to_block(page: Page, api: Api) -> None:
    outline(page, api, NOTES)
    reach(page, "How big")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-block]").nth(2)).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("[data-block]").last).to_be_focused()


def test_an_empty_workflow_says_how_to_begin(page: Page, api: Api) -> None:
    made = api.make_workflow(START, publish=False)
    on = Editor(page, api, made).open()
    on.select("start")
    page.keyboard.press("Delete")
    expect(on.card("start")).to_be_hidden()
    expect(page.get_by_text("Add the first block")).to_be_visible()

"""The editor passes axe, whatever of it is open, in both themes; and it is loaded only when it is wanted."""

from __future__ import annotations

from playwright.sync_api import Page, Request, expect

from tests.e2e.axe import grave_violations
from tests.e2e.conftest import OpenPage
from tests.e2e.editor import MOD, Editor
from tests.e2e.seeds import NOTES
from tests.e2e.server import Api


def test_views_and_panels_have_no_grave_faults(api: Api, page: Page) -> None:
    workflow = api.make_workflow(NOTES)
    on = Editor(page, api, workflow).open()
    faults = dict[str, list[str]]()
    faults["canvas and workflow"] = grave_violations(page)
    on.select("scope")
    faults["condition"] = grave_violations(page)
    on.select("summary")
    for part in ("When it runs", "When it fails", "What becomes of its output", "Description and key"):
        on.panel().get_by_role("button", name=part).click()
    page.get_by_role("button", name="YAML").click()
    expect(page.get_by_role("textbox", name="YAML of the workflow")).to_be_visible()
    faults["block and YAML"] = grave_violations(page)
    on.panel().get_by_role("button", name="Insert a variable into Text").click()
    expect(page.get_by_role("option").first).to_be_visible()
    faults["look-ups"] = grave_violations(page)
    page.keyboard.press("Escape")
    on.panel().get_by_role("button", name="Run alone").click()
    on.dialog().get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("group", name="The run that is shown")).to_contain_text("Completed")
    faults["run"] = grave_violations(page)
    page.get_by_text("Outline", exact=True).click()
    page.get_by_role("button", name="Actions for Summarize").click()
    expect(page.get_by_role("menuitem", name="Rename")).to_be_visible()
    faults["outline and menu"] = grave_violations(page)
    assert {name: found for name, found in faults.items() if found} == {}


def test_dialogs_have_no_grave_faults(api: Api, page: Page) -> None:
    workflow = api.make_workflow(NOTES)
    api.send("POST", f"/workflows/{workflow}/versions", {"source": NOTES.replace("Announce", "Shout")})
    api.run(workflow, release_tag="v1")
    on = Editor(page, api, workflow).open()
    faults = dict[str, list[str]]()
    on.select("result")
    for command, dialog in (
        ("add a block", "Add a block"),
        ("keyboard shortcuts", "Keyboard shortcuts"),
        ("history", "History"),
        ("run this block alone", "Run “Notes” alone"),
        ("rename", "Rename the block"),
        ("connections", "Connections of Notes"),
        ("run", "Run the workflow"),
    ):
        on.command(command)
        expect(on.dialog(dialog)).to_be_visible()
        faults[dialog] = grave_violations(on.page)
        on.page.keyboard.press("Escape")
        expect(on.dialog()).to_be_hidden()
    on.page.keyboard.press(f"{MOD}+k")
    expect(on.dialog("Commands")).to_be_visible()
    faults["palette"] = grave_violations(on.page)
    on.page.keyboard.press("Escape")
    expect(on.dialog()).to_be_hidden()
    api.send("POST", f"/workflows/{workflow}/versions", {"source": NOTES.replace("Announce", "Whisper")})
    on.page.keyboard.press("d")
    on.page.keyboard.press(f"{MOD}+s")
    expect(on.dialog("Somebody else saved meanwhile").locator("ins").first).to_be_visible()
    faults["conflict"] = grave_violations(on.page)
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_phone_shows_the_outline_and_opens_the_panel_over_it(api: Api, open_page: OpenPage) -> None:
    on = Editor(open_page(api, phone=True), api, api.make_workflow(NOTES)).open()
    on.page.get_by_role("button", name="Summarize", exact=False).first.click()
    expect(on.page.get_by_role("textbox", name="Text")).to_be_visible()
    assert grave_violations(on.page) == []
    on.page.get_by_role("button", name="Close the panel").click()
    expect(on.page.get_by_role("textbox", name="Text")).to_be_hidden()


def test_the_editor_is_fetched_only_when_it_is_opened(page: Page, api: Api) -> None:
    workflow = api.make_workflow(NOTES)
    fetched: list[str] = []

    def note(request: Request) -> None:
        fetched.append(request.url)

    page.on("request", note)
    page.goto("/workflows")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not any("EditorPage" in address for address in fetched)
    Editor(page, api, workflow).open()
    assert any("EditorPage" in address for address in fetched)

"""Runs started in the editor: the whole workflow, and one block alone."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.editor import MOD, Editor
from tests.e2e.seeds import NOTES, WAITING
from tests.e2e.server import Api


def shown_run(on: Editor) -> Locator:
    """The bar that says which run the canvas shows."""
    return on.page.get_by_role("group", name="The run that is shown")


def status(on: Editor, key: str) -> Locator:
    """The status dot of a card."""
    return on.card(key).get_by_role("img")


def test_a_run_asks_for_variables_and_appears_on_the_canvas(page: Page, api: Api) -> None:
    on = Editor(page, api, api.make_workflow(NOTES)).open()
    page.keyboard.press(f"{MOD}+Enter")
    form = on.dialog("Run the workflow")
    form.get_by_role("textbox", name="release_tag").fill("v1.0")
    form.get_by_role("button", name="Run").click()
    expect(shown_run(on)).to_contain_text("Completed")
    expect(shown_run(on)).to_contain_text("Preview")
    expect(status(on, "summary")).to_have_accessible_name("Completed")
    expect(status(on, "announcement")).to_have_accessible_name("Skipped")
    on.select("summary")
    panel = on.panel()
    expect(panel).to_contain_text("Release v1.0")
    expect(panel).to_contain_text("Preview")
    expect(panel.get_by_role("heading", name="Inputs")).to_be_visible()
    panel.get_by_text("Settings", exact=True).click()
    expect(panel.get_by_role("textbox", name="Text")).to_be_visible()
    page.keyboard.press(f"{MOD}+Enter")
    expect(form.get_by_role("textbox", name="release_tag")).to_have_value("v1.0")


def test_unsaved_changes_run_too(page: Page, api: Api) -> None:
    on = Editor(page, api, api.make_workflow(NOTES)).open()
    on.select("facts")
    on.panel().get_by_role("textbox", name="Text").fill("changed just now")
    page.keyboard.press(f"{MOD}+Enter")
    form = on.dialog("Run the workflow")
    expect(form).to_contain_text("saved first, as version 2")
    form.get_by_role("textbox", name="release_tag").fill("v1.0")
    form.get_by_role("button", name="Run").click()
    expect(shown_run(on)).to_contain_text("Completed")
    expect(on.panel()).to_contain_text("changed just now")
    assert api.get(f"/workflows/{on.workflow_id}")["publishedVersion"] == 1


def test_a_run_is_followed_live_and_cancelled(page: Page, api: Api) -> None:
    on = Editor(page, api, api.make_workflow(WAITING)).open()
    page.keyboard.press(f"{MOD}+Enter")
    on.dialog("Run the workflow").get_by_role("button", name="Run").click()
    expect(status(on, "pause")).to_have_accessible_name("Running")
    shown_run(on).get_by_role("button", name="Cancel the run").click()
    expect(shown_run(on)).to_contain_text("Cancelled")
    expect(status(on, "go")).to_have_accessible_name("Cancelled")
    shown_run(on).get_by_role("button", name="Hide the run").click()
    expect(status(on, "go")).to_have_count(0)


def test_one_block_runs_alone_on_the_last_data(page: Page, api: Api) -> None:
    workflow = api.make_workflow(NOTES)
    api.run(workflow, release_tag="v7")
    on = Editor(page, api, workflow).open()
    on.select("result")
    on.panel().get_by_role("textbox", name="Value").fill("<< {{ blocks.summary.output }} >>")
    on.panel().get_by_role("button", name="Run alone").click()
    form = on.dialog("Run “Notes” alone")
    given = form.get_by_role("textbox", name="Output of Summarize")
    expect(given).to_have_value(
        "# Release v7\n\nFor **customers**:\n\n- Add webhooks, fix the login page, update the docs"
        "\n\n| Area | Change |\n| --- | --- |\n| API | Webhooks |\n"
    )
    expect(form.get_by_role("link", name="its last run").first).to_be_visible()
    expect(form).to_contain_text("It has not run yet")
    given.fill("by hand")
    expect(form).to_contain_text("Changed")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(shown_run(on)).to_contain_text("Completed")
    expect(shown_run(on)).to_contain_text("Preview")
    expect(on.panel()).to_contain_text("<< by hand >>")
    expect(status(on, "scope")).to_have_accessible_name("Skipped")
    newest = api.get("/executions", workflow=workflow)["items"][0]
    assert (newest["preview"], newest["status"]) == (True, "completed")


def test_a_block_behind_a_branch_runs_alone_by_its_key(page: Page, api: Api) -> None:
    workflow = api.make_workflow(NOTES)
    on = Editor(page, api, workflow).open()
    on.select("announcement")
    page.keyboard.press(f"Shift+{MOD}+Enter")
    form = on.dialog("Run “Announce widely” alone")
    form.get_by_role("textbox", name="release_tag").fill("v9")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(on.panel()).to_contain_text("A big one: v9")

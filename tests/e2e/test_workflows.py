"""The list of workflows, and the ways to make new ones."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.server import Api

GREETING = """
version: 1
name: {name}
description: Greets whoever comes.
category: Basics
inputs:
  who: {{description: Whom to greet, required: true}}
blocks:
  greeting: {{type: template, name: Greet, text: "Hello {{{{ who }}}}"}}
  result: {{type: output, needs: [greeting], value: "{{{{ blocks.greeting.output }}}}"}}
"""


def more(page: Page, name: str, item: str) -> None:
    page.get_by_role("button", name=f"More about {name}", exact=True).click()
    page.get_by_role("menuitem", name=item).click()


def test_an_empty_project_offers_templates(fresh_api: Api, open_page: OpenPage) -> None:
    page = open_page(fresh_api)
    page.get_by_role("button", name="Use this: Ask a model").click()
    page.wait_for_url("**/workflows/*-*")
    page.goto("/workflows")
    expect(page.get_by_role("link", name="Ask a model")).to_be_visible()


def test_a_workflow_from_scratch_is_a_draft_that_runs_as_a_preview(page: Page) -> None:
    page.goto("/workflows")
    page.get_by_role("button", name="New workflow").click()
    page.get_by_role("menuitem", name="From scratch").click()
    page.get_by_label("Name").fill('Mine: "a" first try')
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/workflows/*-*")
    page.goto("/workflows")
    page.get_by_role("button", name='Run Mine: "a" first try').click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("runs as a preview")
    dialog.get_by_role("button", name="Run").click()
    expect(page.get_by_text("Hello from Runwright").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Preview")


def test_a_file_with_faults_is_told_line_by_line(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    blocks = "  a: {type: nonsense}\n  b: {type: template, text: x, needs: [c]}\n"
    file.write_text(f"version: 1\nname: Faulty\nblocks:\n{blocks}")
    page.goto("/workflows")
    page.get_by_role("button", name="New workflow").click()
    page.get_by_role("menuitem", name="From a YAML file").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)
    expect(page.get_by_label("The workflow file")).to_have_value(file.read_text())
    page.get_by_role("button", name="Create workflow").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 4:")
    expect(page.get_by_role("alert")).to_contain_text("nonsense")


def test_searching_narrows_the_list_and_stands_in_the_address(api: Api, page: Page) -> None:
    for name in ("Searched apple", "Searched pear"):
        api.make_workflow(GREETING.format(name=name))
    page.goto("/workflows")
    page.get_by_role("searchbox", name="Search").fill("APPLE")
    expect(page.get_by_role("link", name="Searched apple")).to_be_visible()
    expect(page.get_by_role("link", name="Searched pear")).to_have_count(0)
    expect(page).to_have_url(f"{api.server.address}/workflows?search=APPLE")
    page.reload()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("APPLE")
    page.get_by_role("searchbox", name="Search").fill("no such word")
    expect(page.get_by_text("No workflow matches")).to_be_visible()


def test_duplicate_archive_restore_and_delete(api: Api, page: Page) -> None:
    api.make_workflow(GREETING.format(name="Moved around"))
    page.goto("/workflows")
    more(page, "Moved around", "Duplicate")
    expect(page.get_by_role("link", name="Copy of Moved around")).to_be_visible()

    more(page, "Copy of Moved around", "Archive")
    expect(page.get_by_role("link", name="Copy of Moved around")).to_have_count(0)
    page.get_by_text("Archived", exact=True).click()
    more(page, "Copy of Moved around", "Restore")
    expect(page.get_by_role("link", name="Copy of Moved around")).to_have_count(0)
    page.get_by_text("Active", exact=True).click()

    more(page, "Copy of Moved around", "Archive")
    page.get_by_text("Archived", exact=True).click()
    more(page, "Copy of Moved around", "Delete for good")
    page.get_by_role("dialog").get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("is deleted.")).to_be_visible()
    expect(page.get_by_role("link", name="Copy of Moved around")).to_have_count(0)


def test_running_asks_for_the_context_variables(api: Api, page: Page) -> None:
    api.make_workflow(GREETING.format(name="Greeting with a name"))
    page.goto("/workflows")
    page.get_by_role("button", name="Run Greeting with a name").click()
    field = page.get_by_role("textbox", name="who")
    page.get_by_role("dialog").get_by_role("button", name="Run").click()
    expect(field).to_be_focused()
    field.fill("Grace")
    page.get_by_role("dialog").get_by_role("button", name="Run").click()
    page.wait_for_url("**/runs/*")
    expect(page.get_by_text("Hello Grace").first).to_be_visible()

    page.goto("/workflows")
    entry = page.get_by_role("row").filter(has_text="Greeting with a name")
    expect(entry).to_contain_text("Completed")
    expect(entry.get_by_role("cell").nth(2)).to_have_text("1")


def test_a_workflow_downloads_as_its_file(api: Api, page: Page) -> None:
    api.make_workflow(GREETING.format(name="To be downloaded"))
    page.goto("/workflows")
    with page.expect_download() as download:
        more(page, "To be downloaded", "Download as YAML")
    assert download.value.suggested_filename == "to-be-downloaded.yaml"
    assert "name: To be downloaded" in download.value.path().read_text()

"""Files: of a project, uploaded and looked at, and of a run, by block."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import grave_violations
from tests.e2e.conftest import OpenPage
from tests.e2e.server import Api

SAVING = """
version: 1
name: Release papers
blocks:
  notes: {type: template, text: "# Release notes\\n\\n- faster\\n- safer <img src=x>", artifact: notes.md}
  data: {type: template, text: '{"version": "1.2"}', artifact: true}
  plain: {type: template, needs: [notes], text: done}
"""


@pytest.fixture(scope="module")
def run(api: Api) -> str:
    """A run that saved two files."""
    workflow = api.make_workflow(SAVING)
    return api.run(workflow, until=("completed",))


def test_files_of_a_run_are_shown_by_block_and_downloaded(page: Page, run: str) -> None:
    page.goto(f"/runs/{run}")
    page.get_by_role("tab", name="Files").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    row = page.get_by_role("row", name="notes.md")
    expect(row).to_contain_text("text/markdown")
    assert grave_violations(page) == []
    page.get_by_role("button", name="Look at notes.md").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Release notes", exact=True)).to_be_visible()
    assert grave_violations(page) == []
    with page.expect_download() as saved:
        dialog.get_by_role("link", name="Download").click()
    assert saved.value.suggested_filename == "notes.md"
    assert Path(saved.value.path()).read_text().startswith("# Release notes")
    page.keyboard.press("Escape")
    with page.expect_download() as zipped:
        page.get_by_role("link", name="Download all as zip").click()
    assert sorted(zipfile.ZipFile(zipped.value.path()).namelist()) == ["data.json", "notes.md"]


def test_a_file_is_uploaded_found_and_deleted(page: Page, tmp_path: Path, run: str) -> None:
    for name, content in (("page.html", "<script>alert(1)</script>"), ("spec.md", "# Specification")):
        (tmp_path / name).write_text(content)
    page.goto("/files")
    page.get_by_label("Upload files").set_input_files([tmp_path / "page.html", tmp_path / "spec.md"])
    expect(page.get_by_role("status").filter(has_text="2 files are uploaded.")).to_be_visible()
    expect(page.get_by_role("row", name="page.html")).to_contain_text("Uploaded")
    expect(page.get_by_role("row", name="data.json").first).to_contain_text("Block data")
    assert grave_violations(page) == []
    page.get_by_role("button", name="Look at page.html").click()
    expect(page.get_by_role("dialog").get_by_text("<script>alert(1)</script>")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Search by name").fill("PAGE")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="What can be done with page.html").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No such files")).to_be_visible()


def test_dropped_files_are_uploaded(page: Page, run: str) -> None:
    page.goto("/files")
    expect(page.get_by_role("table", name="Files")).to_be_visible()
    transfer = page.evaluate_handle(
        "() => { const t = new DataTransfer(); t.items.add(new File(['dropped'], 'dropped.txt')); return t; }"
    )
    page.get_by_role("table", name="Files").dispatch_event("drop", {"dataTransfer": transfer})
    expect(page.get_by_role("row", name="dropped.txt")).to_be_visible()


def test_files_on_a_phone(open_page: OpenPage, api: Api, run: str) -> None:
    page = open_page(api, phone=True, at="/files")
    expect(page.get_by_role("button", name="Look at notes.md").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert grave_violations(page) == []
    page.get_by_role("button", name="Look at notes.md").first.click()
    expect(page.get_by_role("dialog").get_by_text("Release notes", exact=True)).to_be_visible()
    assert grave_violations(page) == []

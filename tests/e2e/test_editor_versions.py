"""Drafts and published versions in the editor: history, changes, restore, and two people at once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.editor import MOD, Editor
from tests.e2e.server import Api

SOURCE = """
version: 1
name: Versions
blocks:
  only: {type: template, name: Only, text: one}
"""


def changed(on: Editor, text: str) -> None:
    """Write another text into the only block."""
    on.select("only")
    on.panel().get_by_role("textbox", name="Text").fill(text)
    expect(on.card("only")).to_contain_text(text)


def test_a_draft_is_saved_and_published(page: Page, api: Api) -> None:
    on = Editor(page, api, api.make_workflow(SOURCE)).open()
    expect(page.get_by_text("Version 1, published")).to_be_visible()
    changed(on, "two")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.keyboard.press(f"{MOD}+s")
    expect(page.get_by_text("Version 2, draft")).to_be_visible()
    assert api.get(f"/workflows/{on.workflow_id}")["publishedVersion"] == 1
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2, published")).to_be_visible()
    assert api.get(f"/workflows/{on.workflow_id}")["publishedVersion"] == 2


def test_the_history_shows_changes_and_brings_versions_back(page: Page, api: Api) -> None:
    on = Editor(page, api, api.make_workflow(SOURCE)).open()
    changed(on, "two")
    on.save()
    on.choose("History")
    history = on.dialog("History")
    expect(history.get_by_role("listitem")).to_have_count(2)
    expect(history).to_contain_text("Ada Example")
    history.get_by_role("button", name="Changes of version 2").click()
    expect(history.locator("ins").last).to_have_text("two")
    expect(history.locator("del").last).to_have_text("one")
    history.get_by_role("button", name="Publish version 2").click()
    expect(history.get_by_role("listitem").first).to_contain_text("Published")
    history.get_by_role("button", name="Restore version 1").click()
    expect(on.card("only")).to_contain_text("one")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    assert on.save()["blocks"]["only"]["text"] == "one"
    page.keyboard.press(f"{MOD}+z")
    expect(on.card("only")).to_contain_text("two")


def test_two_people_who_save_lose_nothing(page: Page, api: Api) -> None:
    on = Editor(page, api, api.make_workflow(SOURCE)).open()
    api.send("POST", f"/workflows/{on.workflow_id}/versions", {"source": SOURCE.replace("one", "theirs")})
    changed(on, "mine")
    page.keyboard.press(f"{MOD}+s")
    conflict = on.dialog("Somebody else saved meanwhile")
    expect(conflict.locator("del").last).to_have_text("theirs")
    expect(conflict.locator("ins").last).to_have_text("mine")
    conflict.get_by_role("button", name="Take theirs").click()
    expect(on.card("only")).to_contain_text("theirs")
    page.keyboard.press(f"{MOD}+z")
    expect(on.card("only")).to_contain_text("mine")
    on.save()
    api.send("POST", f"/workflows/{on.workflow_id}/versions", {"source": SOURCE.replace("one", "again theirs")})
    changed(on, "mine after all")
    page.keyboard.press(f"{MOD}+s")
    conflict.get_by_role("button", name="Save mine as the newest").click()
    expect(conflict).to_be_hidden()
    expect(page.get_by_text("Version 5, draft")).to_be_visible()
    assert on.stored()["blocks"]["only"]["text"] == "mine after all"


def test_what_was_not_saved_is_there_again(page: Page, api: Api) -> None:
    on = Editor(page, api, api.make_workflow(SOURCE)).open()
    changed(on, "unsaved")
    page.wait_for_function(
        "id => localStorage.getItem('runwright.draft.' + id)?.includes('unsaved')", arg=on.workflow_id
    )
    on.open()
    expect(page.get_by_text("Your unsaved changes of last time are back.")).to_be_visible()
    expect(on.card("only")).to_contain_text("unsaved")
    page.get_by_role("button", name="Discard them").click()
    expect(on.card("only")).to_contain_text("one")

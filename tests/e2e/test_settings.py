"""The settings other than keys: vendors of models, the credit limit, projects, the theme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from runwright.integrations.llm.fake_server import Fail, FakeModelServer, Say
from tests.e2e.conftest import OpenPage
from tests.e2e.server import Api, serving

SECRET = "sk-never-shown-again"


@pytest.fixture(scope="module")
def open_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server that may call this machine, as an operator can allow."""
    environment = {"RUNWRIGHT_HTTP__ALLOW_HOSTS": "127.0.0.1"}
    with serving(tmp_path_factory.mktemp("settings"), environment=environment) as server:
        api = Api(server)
        api.set_up()
        yield api


def test_a_vendor_is_set_up_tried_and_removed(open_api: Api, open_page: OpenPage) -> None:
    page = open_page(open_api, at="/settings/models")
    expect(page.get_by_text("answered by a scripted demo")).to_be_visible()
    with FakeModelServer(Say("Ready."), Fail(401, "no such key")) as models:
        page.get_by_role("button", name="Set up OpenAI-compatible server").click()
        page.get_by_role("textbox", name="API key").fill(SECRET)
        page.get_by_label("Address").fill(models.openai_url)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("OpenAI-compatible server is set up.")).to_be_visible()
        page.get_by_role("button", name="Test OpenAI-compatible server").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Model").fill("small")
        dialog.get_by_role("button", name="Test").click()
        expect(dialog).to_contain_text("It answers")
        expect(dialog).to_contain_text("Ready.")
        dialog.get_by_role("button", name="Test").click()
        expect(dialog).to_contain_text("It does not work")
        dialog.get_by_role("button", name="Close").last.click()
    page.reload()
    expect(page.get_by_role("button", name="Test OpenAI-compatible server")).to_be_visible()
    assert SECRET not in page.content()
    page.get_by_role("button", name="Remove OpenAI-compatible server?").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("answered by a scripted demo")).to_be_visible()


def test_the_credit_limit(open_api: Api, open_page: OpenPage) -> None:
    page = open_page(open_api, at="/settings/usage")
    expect(page.get_by_text("No limit")).to_be_visible()
    page.get_by_role("button", name="Change the limit").click()
    page.get_by_label("Limit in US dollars").fill("a lot")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Limit in US dollars").fill("0")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The limit is reached: workflows cannot be started")).to_be_visible()
    page.get_by_role("button", name="Change the limit").click()
    page.get_by_label("Limit in US dollars").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("No limit")).to_be_visible()


def test_projects_are_made_gone_to_renamed_and_deleted(open_api: Api, open_page: OpenPage) -> None:
    page = open_page(open_api, at="/settings/project")
    page.get_by_role("textbox", name="Name").last.fill("Second")
    page.get_by_role("button", name="Create project").click()
    page.get_by_role("button", name="Work here: Second").click()
    page.goto("/workflows")
    expect(page.get_by_role("button", name="Second", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Make your first workflow")).to_be_visible()
    page.goto("/settings/project")
    page.get_by_role("textbox", name="Name").first.fill("Third")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Third", exact=True)).to_be_visible()
    page.get_by_role("button", name="Delete the project “Third”?").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete project").click()
    expect(page.get_by_text("The project “Third” is deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="Default", exact=True)).to_be_visible()


def test_the_theme_is_kept(page: Page) -> None:
    page.goto("/settings/account")
    root = page.locator("html")
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")
    page.get_by_text("Dark", exact=True).click()
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    page.reload()
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")


def test_the_connection_is_lost_and_heals(tmp_path: Path, open_page: OpenPage) -> None:
    with serving(tmp_path) as server:
        api = Api(server)
        api.set_up()
        page = open_page(api, at="/settings/account")
        # The other pages are fetched ahead.
        with page.expect_response("**/assets/ReviewsPage-*.js"):
            page.goto("/runs")
        expect(page.get_by_text("Nothing has run yet")).to_be_visible()
        page.wait_for_load_state("networkidle")
        server.stop()
    page.get_by_role("link", name="Reviews").click()
    banner = page.get_by_text("Connection lost. Trying to reach the server…")
    expect(banner).to_be_visible()
    with serving(tmp_path, port=int(api.server.address.rpartition(":")[2])):
        expect(banner).to_have_count(0)
        expect(page.get_by_text("Nothing waits for you")).to_be_visible()

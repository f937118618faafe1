"""The whole way, from the link that the server prints to a run that a program started."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.seeds import NOTES
from tests.e2e.server import EMAIL, NAME, PASSWORD, Server


def test_from_the_first_link_to_a_completed_api_run(fresh_server: Server, open_page: OpenPage) -> None:
    page = open_page(address=fresh_server.address, at=fresh_server.first_link)
    _make_account(page)
    workflow_id = _import_workflow(page)
    secret = _create_key(page)

    answer = httpx.post(
        f"{fresh_server.address}/api/workflows/{workflow_id}/trigger",
        headers={"x-api-key": secret},
        json={"release_tag": "v3.1.0"},
    )
    assert answer.status_code == 200, answer.text

    page.get_by_role("link", name="Runs", exact=True).click()
    row = page.get_by_role("row", name="Release notes").first
    expect(row).to_contain_text("Completed")
    expect(row).to_contain_text("API")
    row.get_by_role("link").click()
    expect(page).to_have_url(f"{fresh_server.address}/runs/{answer.json()['executionId']}")
    expect(page.get_by_text("Release v3.1.0").first).to_be_visible()


def _make_account(page: Page) -> None:
    expect(page.get_by_role("heading", name="Welcome to Runwright")).to_be_visible()
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Make your first workflow")).to_be_visible()


def _import_workflow(page: Page) -> str:
    page.get_by_role("button", name="New workflow").click()
    page.get_by_role("menuitem", name="From a YAML file").click()
    page.get_by_label("The workflow file").fill(NOTES)
    page.get_by_role("button", name="Create workflow").click()
    page.wait_for_url("**/workflows/*-*")
    return page.url.rpartition("/")[2]


def _create_key(page: Page) -> str:
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("tab", name="API keys").click()
    page.get_by_role("button", name="Create API key").click()
    page.get_by_label("Name").fill("release pipeline")
    page.get_by_role("button", name="Create", exact=True).click()
    secret = page.get_by_role("textbox", name="Secret").input_value()
    page.get_by_role("button", name="I have copied it").click()
    return secret

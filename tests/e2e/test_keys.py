"""API keys in the settings."""

from __future__ import annotations

import uuid

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.server import Api


def status_with(api: Api, secret: str) -> int:
    """How a call with the key is answered: 404 when the key is good, since there is no such run."""
    address = f"{api.server.address}/api/executions/{uuid.uuid4()}"
    return httpx.get(address, headers={"x-api-key": secret}, timeout=30).status_code


def test_a_secret_is_shown_once_and_works_until_its_key_is_deleted(api: Api, page: Page) -> None:
    page.goto("/settings/api-keys")
    page.get_by_role("button", name="Create API key").click()
    page.get_by_label("Name").fill("nightly build")
    page.get_by_role("button", name="Create", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("shown this once")
    secret = dialog.get_by_role("textbox", name="Secret").input_value()
    dialog.get_by_role("button", name="Copy the secret").click()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="I have copied it").click()

    row = page.get_by_role("row", name="nightly build")
    expect(row).to_contain_text(secret[:8])
    expect(row).to_contain_text("Never")
    assert secret not in page.content()
    assert status_with(api, secret) == 404
    page.reload()
    assert secret not in page.content()
    expect(row).not_to_contain_text("Never")

    page.get_by_role("button", name="Delete the key nightly build").click()
    expect(page.get_by_role("dialog")).to_contain_text("can no longer start workflows")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("is deleted.")).to_be_visible()
    expect(row).to_have_count(0)
    assert status_with(api, secret) == 401


def test_owners_see_the_keys_of_the_whole_organization(api: Api, page: Page) -> None:
    api.send("POST", "/api-keys", {"name": "for all to see"})
    page.goto("/settings/api-keys")
    page.get_by_text("All keys of the organization").click()
    row = page.get_by_role("row", name="for all to see")
    expect(row).to_contain_text("Ada Example")

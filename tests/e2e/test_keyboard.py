"""The main job without a mouse."""

from __future__ import annotations

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.seeds import REVIEW
from tests.e2e.server import EMAIL, NAME, PASSWORD, Api, Server

MOST_STEPS = 120


def go_to(page: Page, wanted: Locator, *, key: str = "Tab") -> None:
    """Press a key until the focus is there."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_STEPS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} is not reached by {key}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    go_to(page, wanted)
    page.keyboard.press(key)


def type_into(page: Page, field: Locator, text: str) -> None:
    go_to(page, field)
    page.keyboard.insert_text(text)


def test_from_the_first_link_to_a_run_over_the_api(fresh_server: Server, open_page: OpenPage) -> None:
    page = open_page(address=fresh_server.address, at=fresh_server.first_link)
    type_into(page, page.get_by_label("Name"), NAME)
    type_into(page, page.get_by_label("E-mail"), EMAIL)
    type_into(page, page.get_by_role("textbox", name="Password"), PASSWORD)
    page.keyboard.press("Enter")

    press(page, page.get_by_role("button", name="Use this: Ask a model"))
    page.wait_for_url("**/workflows/*-*")
    workflow = page.url.rpartition("/")[2]
    _switch_api_on(page)
    secret = _create_key(page)

    variables = {"question": "Who are you?"}
    address = f"{fresh_server.address}/api/workflows/{workflow}/trigger"
    answer = httpx.post(address, headers={"x-api-key": secret}, json=variables, timeout=30)
    assert answer.status_code == 200, answer.text
    press(page, page.get_by_role("link", name="Runs", exact=True))
    press(page, page.get_by_role("row", name="Ask a model").get_by_role("link"))
    page.wait_for_url(f"**/runs/{answer.json()['executionId']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Completed")


def _switch_api_on(page: Page) -> None:
    press(page, page.get_by_role("button", name="More actions"))
    go_to(page, page.get_by_role("menuitem", name="Triggers"), key="ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Triggers")
    press(page, dialog.get_by_role("switch", name="API access"), key="Space")
    expect(dialog.get_by_text("Saved.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def _create_key(page: Page) -> str:
    press(page, page.get_by_role("link", name="Settings"))
    go_to(page, page.get_by_role("tab", name="Account"))
    go_to(page, page.get_by_role("tab", name="API keys"), key="ArrowRight")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("button", name="Create API key"))
    name = page.get_by_role("dialog").get_by_label("Name")
    expect(name).to_be_focused()
    page.keyboard.insert_text("by keyboard")
    page.keyboard.press("Enter")
    secret = page.get_by_role("textbox", name="Secret")
    expect(secret).to_be_focused()
    shown = secret.input_value()
    press(page, page.get_by_role("button", name="I have copied it"))
    expect(page.get_by_role("row", name="by keyboard")).to_be_visible()
    return shown


def test_a_review_is_edited_and_approved(api: Api, page: Page) -> None:
    run = api.run(api.make_workflow(REVIEW), until=("review_pending",))
    review = api.get("/reviews", execution=run)["items"][0]["id"]
    press(page, page.get_by_role("link", name="Reviews"))
    press(page, page.locator(f"a[href='/reviews/{review}']"))
    press(page, page.get_by_role("button", name="Edit"))
    expect(page.get_by_label("Your version")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("Better.")
    press(page, page.get_by_role("button", name="Approve with edits"))
    expect(page.get_by_text("Approved by Ada Example")).to_be_visible()
    assert api.wait_for(run)["blocks"][-1]["output"] == "Better."


def test_the_first_stop_leads_past_the_navigation(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('content').contains(document.activeElement)")

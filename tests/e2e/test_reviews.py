"""Deciding reviews: in the inbox, on a review's page, and in its run."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.seeds import REVIEW
from tests.e2e.server import Api

PROPOSED = "Dear customer, you asked: Where is my invoice? You find it under Billing."


def waiting_run(api: Api) -> tuple[str, str]:
    """A run that waits, and its review."""
    run = api.run(api.make_workflow(REVIEW), until=("review_pending",))
    return run, api.get("/reviews", execution=run)["items"][0]["id"]


def test_opening_a_review_decides_nothing(api: Api, page: Page) -> None:
    run, review = waiting_run(api)
    page.goto(f"/reviews/{review}")
    expect(page.get_by_text("Is this reply correct and friendly?")).to_be_visible()
    expect(page.get_by_text(PROPOSED)).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    assert api.get(f"/reviews/{review}")["decision"] is None
    assert api.get(f"/executions/{run}")["status"] == "review_pending"


def test_approving_from_the_inbox(api: Api, page: Page) -> None:
    run, review = waiting_run(api)
    page.goto("/reviews")
    page.locator(f"a[href='/reviews/{review}']").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved by Ada Example")).to_be_visible()
    assert api.wait_for(run)["status"] == "completed"
    page.get_by_role("link", name="Back to the inbox").click()
    expect(page.get_by_role("heading", name="Reviews")).to_be_visible()
    expect(page.locator(f"a[href='/reviews/{review}']")).to_have_count(0)
    page.get_by_text("All", exact=True).click()
    expect(page.locator(f"a[href='/reviews/{review}']")).to_have_count(1)


def test_editing_shows_what_changes_and_approves_the_edit(api: Api, page: Page) -> None:
    run, review = waiting_run(api)
    page.goto(f"/reviews/{review}")
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()
    page.get_by_label("Your version").fill(PROPOSED.replace("Billing", "Invoices"))
    diff = page.get_by_role("group", name="What you changed")
    expect(diff.locator("del")).to_have_text("Billing")
    expect(diff.locator("ins")).to_have_text("Invoices")
    page.get_by_role("button", name="Approve with edits").click()
    shown = page.get_by_role("group", name="What Ada Example changed")
    expect(shown.locator("ins")).to_have_text("Invoices")
    assert api.wait_for(run)["blocks"][-1]["output"] == PROPOSED.replace("Billing", "Invoices")


def test_sending_back_needs_a_comment_and_runs_the_block_again(api: Api, page: Page) -> None:
    run, _ = waiting_run(api)
    page.goto(f"/runs/{run}")
    expect(page.get_by_text("Is this reply correct and friendly?")).to_be_visible()
    send_back = page.get_by_role("button", name="Send back")
    expect(send_back).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Comment").fill("Name the month.")
    send_back.click()
    expect(page.get_by_text("Round 2 of review")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Completed")


def test_rejecting_asks_first_and_fails_the_run(api: Api, page: Page) -> None:
    run, review = waiting_run(api)
    page.goto(f"/reviews/{review}")
    page.get_by_label("Comment").fill("This is not what was asked.")
    page.get_by_role("button", name="Reject").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert api.get(f"/reviews/{review}")["decision"] is None
    page.get_by_role("button", name="Reject").click()
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Rejected by Ada Example")).to_be_visible()
    page.get_by_role("link", name="Open the run").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Failed")
    expect(page.get_by_text("This is not what was asked.").first).to_be_visible()
    assert api.get(f"/executions/{run}")["status"] == "failed"


def test_who_comes_second_sees_what_was_decided(api: Api, open_page: OpenPage) -> None:
    _, review = waiting_run(api)
    page = open_page(api, at=f"/reviews/{review}", phone=True)
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    api.send("POST", f"/reviews/{review}/decision", {"decision": "reject", "comment": "no"})
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Rejected by Ada Example")).to_be_visible()
    assert api.get(f"/reviews/{review}")["decision"] == "reject"

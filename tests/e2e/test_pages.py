"""Every page in both themes, on a desk and on a phone: usable by everybody, and nothing runs out of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import grave_violations
from tests.e2e.conftest import OpenPage
from tests.e2e.seeds import Seeded
from tests.e2e.server import Api


def pages_of(seeded: Seeded) -> dict[str, str]:
    """Addresses, each with a text that is there when the page is."""
    return {
        "/workflows": "Release notes",
        "/workflows?archived=true": "Active",
        f"/workflows/{seeded.workflow}": "Release notes",
        "/runs": "Nightly check",
        "/runs?status=skipped": "No run matches",
        f"/runs/{seeded.completed}": "Release v1.4.0",
        f"/runs/{seeded.failed}": "This run failed",
        f"/runs/{seeded.waiting}": "Output to judge",
        f"/runs/{seeded.running}": "Cancel run",
        "/reviews": "Customer reply",
        f"/reviews/{seeded.review}": "Output to judge",
        "/files": "facts.json",
        "/settings/account": "Profile",
        "/settings/api-keys": "release pipeline",
        "/settings/project": "This project",
        "/settings/models": "Anthropic",
        "/settings/mcp": "MCP servers",
        "/settings/usage": "Nothing has been spent",
        "/no/such/page": "There is nothing here",
    }


def problems_of(page: Page) -> list[str]:
    """What keeps people from using the page as it stands."""
    found = grave_violations(page)
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"it is {width} pixels too wide"] if width > 0 else found


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_every_page(api: Api, seeded: Seeded, open_page: OpenPage, phone: bool) -> None:
    page = open_page(api, phone=phone)
    problems = {}
    for address, text in pages_of(seeded).items():
        page.goto(address)
        expect(page.get_by_text(text).locator("visible=true").first).to_be_visible()
        problems[address] = problems_of(page)
    assert not any(problems.values()), "\n".join(
        f"{name}: {problem}" for name in problems for problem in problems[name]
    )


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_pages_of_strangers(api: Api, open_page: OpenPage, phone: bool) -> None:
    page = open_page(address=api.server.address, at="/sign-in", phone=phone)
    expect(page.get_by_role("heading", name="Sign in to Runwright")).to_be_visible()
    page.get_by_role("button", name="Sign in").click()
    assert problems_of(page) == []
    page.goto("/welcome#link=nonsense")
    expect(page.get_by_role("heading", name="used already, or is too old")).to_be_visible()
    assert problems_of(page) == []


def test_every_dialog_and_menu(api: Api, seeded: Seeded, page: Page) -> None:
    problems = {}

    def look(name: str, address: str, *buttons: str) -> None:
        page.goto(address)
        for button in buttons:
            role = "menuitem" if button.startswith(":") else "tab" if button.startswith("/") else "button"
            page.get_by_role(role, name=button.lstrip(":/"), exact=True).first.click()  # type: ignore[arg-type]
        expect(
            page.locator("[role=dialog], [role=menu], [role=tabpanel]").locator("visible=true").first
        ).to_be_visible()
        problems[name] = problems_of(page)

    look("menu of a workflow", "/workflows", "More about Release notes")
    look("menu of new workflows", "/workflows", "New workflow")
    look("from scratch", "/workflows", "New workflow", ":From scratch")
    look("from a file", "/workflows", "New workflow", ":From a YAML file")
    look("from a template", "/workflows", "New workflow", ":From a template")
    look("start", "/workflows", "Run Release notes")
    look("triggers", f"/workflows/{seeded.workflow}", "More actions", ":Triggers")
    look("canvas of a run", f"/runs/{seeded.completed}", "/Canvas")
    look("payload of a run", f"/runs/{seeded.completed}", "/Payload and caller")
    look("cancel", f"/runs/{seeded.running}", "Cancel run")
    look("edit of a review", f"/reviews/{seeded.review}", "Edit", "Reject")
    look("new key", "/settings/api-keys", "Create API key")
    look("delete a key", "/settings/api-keys", "Delete the key laptop")
    look("a vendor", "/settings/models", "Set up OpenAI")
    assert not any(problems.values()), "\n".join(
        f"{name}: {problem}" for name in problems for problem in problems[name]
    )

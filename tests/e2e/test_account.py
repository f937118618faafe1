"""Coming in and going out."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.server import EMAIL, PASSWORD, Api


def sign_in(page: Page, *, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(api: Api, open_page: OpenPage) -> None:
    page = open_page(address=api.server.address, at="/settings/models")
    expect(page).to_have_url(f"{api.server.address}/sign-in?next=%2Fsettings%2Fmodels")
    sign_in(page, password="not the password")
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    sign_in(page)
    expect(page).to_have_url(f"{api.server.address}/settings/models")


def test_guessing_passwords_is_stopped(fresh_api: Api, open_page: OpenPage) -> None:
    page = open_page(address=fresh_api.server.address, at="/sign-in")
    alert = page.get_by_role("alert")
    for _ in range(10):
        with page.expect_response("**/api/v1/session"):
            sign_in(page, password="not the password")
    sign_in(page)
    expect(alert).to_contain_text("Too many failed attempts; try again in")


def test_only_pages_of_the_app_are_gone_to_after_signing_in(api: Api, open_page: OpenPage) -> None:
    page = open_page(address=api.server.address, at="/sign-in?next=//evil.example/")
    sign_in(page)
    expect(page).to_have_url(f"{api.server.address}/workflows")


def test_signing_out_ends_the_session(api: Api, open_page: OpenPage) -> None:
    page = open_page(address=api.server.address, at="/sign-in")
    sign_in(page)
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Runwright")).to_be_visible()
    page.goto("/workflows")
    expect(page.get_by_role("heading", name="Sign in to Runwright")).to_be_visible()


def test_signing_out_everywhere_ends_other_browsers_too(fresh_api: Api, open_page: OpenPage) -> None:
    elsewhere = open_page(fresh_api, at="/workflows")
    expect(elsewhere.get_by_role("heading", name="Workflows")).to_be_visible()
    page = open_page(address=fresh_api.server.address, at="/sign-in?next=/settings/account")
    sign_in(page)
    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_role("heading", name="Sign in to Runwright")).to_be_visible()
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Sign in to Runwright")).to_be_visible()


def test_a_used_link_says_what_to_do(api: Api, open_page: OpenPage) -> None:
    page = open_page(address=api.server.address, at=api.server.first_link)
    expect(page.get_by_role("heading", name="used already, or is too old")).to_be_visible()
    page.get_by_role("link", name="Go to sign-in").click()
    expect(page.get_by_role("heading", name="Sign in to Runwright")).to_be_visible()


def test_a_new_password_replaces_the_old_one(fresh_api: Api, open_page: OpenPage) -> None:
    page = open_page(fresh_api, at="/settings/account")
    page.get_by_role("textbox", name="Current password").fill(PASSWORD)
    page.get_by_role("textbox", name="New password").fill("another long password")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("The password is changed.")).to_be_visible()
    other = open_page(address=fresh_api.server.address, at="/sign-in")
    sign_in(other, password="another long password")
    expect(other.get_by_role("heading", name="Workflows")).to_be_visible()

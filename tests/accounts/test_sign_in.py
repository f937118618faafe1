"""Coming in and going out, as a browser does it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from runwright.accounts import service, sessions
from runwright.accounts.bootstrap import Defaults, first_sign_in_link
from runwright.accounts.dependencies import COOKIE
from runwright.accounts.limits import AttemptLimit
from runwright.accounts.models import sessions as sessions_table
from runwright.accounts.models import sign_in_links
from runwright.accounts.passwords import Passwords
from runwright.config import Settings
from runwright.db.database import Database
from runwright.kit.clock import now_ms
from tests.accounts.conftest import Client

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery"
ANN = {"name": "Ann Lee", "email": "ann@example.com"}


@pytest.fixture
async def token(served: Database, first: Defaults) -> str:
    """The first start's one-time link."""
    made = await served.write(lambda conn: first_sign_in_link(conn, first.user_id))
    assert made is not None
    return made


@pytest.fixture
async def browser(client: Client, token: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which the owner has just set the installation up."""
    async with client() as made:
        answer = await made.post("/setup", json={"token": token, "password": PASSWORD, **ANN})
        assert answer.status_code == 204, answer.text
        yield made


async def sign_in(who: httpx.AsyncClient, *, password: str = PASSWORD, email: str = ANN["email"]) -> httpx.Response:
    return await who.post("/session", json={"email": email, "password": password})


async def test_the_first_link_makes_the_owners_account(client: Client, token: str, first: Defaults) -> None:
    async with client() as browser:
        assert (await browser.get("/setup")).json() == {"needsSetup": True}
        held = (await browser.post("/setup/inspect", json={"token": token})).json()
        assert (held["newAccount"], held["email"]) == (True, "owner@localhost")
        answer = await browser.post("/setup", json={"token": token, "password": PASSWORD, **ANN})
        assert answer.status_code == 204
        me = (await browser.get("/me")).json()
        assert me["user"]["id"] == first.user_id
        assert (me["user"]["name"], me["user"]["email"]) == (ANN["name"], ANN["email"])
        assert me["memberships"][0]["role"] == "owner"
        assert me["runsInstallation"] is True
        assert (await browser.get("/setup")).json() == {"needsSetup": False}


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client, token: str) -> None:
    async with client() as browser:
        answer = await browser.post("/setup", json={"token": token, "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=rws_")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie


async def test_behind_https_the_cookie_is_secure(client: Client, token: str, settings: Settings) -> None:
    settings.public_url = "https://runwright.example"
    async with client() as browser:
        answer = await browser.post("/setup", json={"token": token, "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_a_link_works_once(browser: httpx.AsyncClient, client: Client, token: str) -> None:
    async with client() as other:
        answer = await other.post("/setup", json={"token": token, "password": PASSWORD})
        assert answer.status_code == 404
        assert "used already" in answer.json()["detail"]
        assert (await other.post("/setup/inspect", json={"token": token})).status_code == 404


async def test_of_many_who_use_a_link_at_once_one_comes_in(client: Client, token: str) -> None:
    async def use(number: int) -> int:
        async with client() as browser:
            answer = await browser.post("/setup", json={"token": token, "password": f"{PASSWORD} {number}"})
            return answer.status_code

    assert sorted(await asyncio.gather(*(use(number) for number in range(4)))) == [204, 404, 404, 404]


@pytest.mark.parametrize(
    "wrong",
    [{"password": "short"}, {"email": "nonsense"}, {"name": ""}, {"name": "a\x00b"}, {"password": "\x00" * 600}],
    ids=["short", "address", "empty name", "NUL", "long"],
)
async def test_a_link_stays_good_after_a_mistake(client: Client, token: str, wrong: dict[str, str]) -> None:
    async with client() as browser:
        answer = await browser.post("/setup", json={"token": token, "password": PASSWORD, **ANN, **wrong})
        assert answer.status_code == 422, answer.text
        assert (await browser.post("/setup", json={"token": token, "password": PASSWORD})).status_code == 204


async def test_an_old_link_is_dead(client: Client, served: Database, token: str) -> None:
    await served.write(lambda conn: conn.execute(sign_in_links.update().values(expires_at=now_ms())))
    async with client() as browser:
        assert (await browser.post("/setup", json={"token": token, "password": PASSWORD})).status_code == 404


async def test_a_second_link_is_dead_once_the_first_was_used(
    client: Client, served: Database, first: Defaults, token: str
) -> None:
    other = await served.write(lambda conn: sessions.make_link(conn, first.user_id, now=now_ms()))
    async with client() as browser:
        assert (await browser.post("/setup", json={"token": token, "password": PASSWORD})).status_code == 204
        assert (await browser.post("/setup", json={"token": other, "password": PASSWORD})).status_code == 404


async def test_a_link_for_a_lost_password_changes_nothing_else(
    browser: httpx.AsyncClient, client: Client, served: Database, first: Defaults
) -> None:
    link = await served.write(lambda conn: sessions.make_link(conn, first.user_id, now=now_ms()))
    async with client() as other:
        answer = await other.post(
            "/setup", json={"token": link, "password": "another password", "name": "Eve", "email": "eve@example.com"}
        )
        assert answer.status_code == 204
        assert (await other.get("/me")).json()["user"]["email"] == ANN["email"]
        assert (await sign_in(other)).status_code == 401
        assert (await sign_in(other, password="another password")).status_code == 204
    assert (await browser.get("/me")).status_code == 401


async def test_email_and_password_sign_in(browser: httpx.AsyncClient, client: Client) -> None:
    async with client() as other:
        assert (await sign_in(other, email=" ANN@Example.com ")).status_code == 204
        assert (await other.get("/me")).json()["user"]["email"] == ANN["email"]
        assert (await other.get("/projects")).json()["items"][0]["name"] == "Default"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ann@example.com", "wrong password"),
        ("nobody@example.com", PASSWORD),
        ("not an address", PASSWORD),
        ("ann@example.com", ""),
        ("a\x00@example.com", PASSWORD),
        ("ann@example.com", PASSWORD * 10_000),
    ],
)
async def test_what_is_wrong_is_not_told(browser: httpx.AsyncClient, client: Client, email: str, password: str) -> None:
    async with client() as other:
        answer = await sign_in(other, email=email, password=password)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "The e-mail address or the password is wrong"
    assert "set-cookie" not in answer.headers


async def test_nobody_signs_in_to_an_account_without_a_password(client: Client, first: Defaults) -> None:
    async with client() as other:
        for password in ("", "the password of nobody", "None"):
            assert (await sign_in(other, email="owner@localhost", password=password)).status_code == 401


async def test_guessing_is_slowed_down_for_the_guesser_alone(browser: httpx.AsyncClient, client: Client) -> None:
    async with client(address="203.0.113.1") as guesser:
        answers = await asyncio.gather(*(sign_in(guesser, password=f"guess {number}") for number in range(12)))
        assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 2
        refused = await sign_in(guesser)
        assert refused.status_code == 429
        assert refused.json()["retry_after"] > 0
    async with client(address="203.0.113.2") as ann:
        assert (await sign_in(ann)).status_code == 204


async def test_success_does_not_count_as_an_attempt(browser: httpx.AsyncClient, client: Client) -> None:
    async with client() as other:
        for _ in range(12):
            assert (await sign_in(other)).status_code == 204


async def test_signing_out_ends_this_session_alone(browser: httpx.AsyncClient, client: Client) -> None:
    async with client() as other:
        await sign_in(other)
        token = other.cookies[COOKIE]
        assert (await other.delete("/session")).status_code == 204
        assert COOKIE not in other.cookies
        other.cookies.set(COOKIE, token)
        assert (await other.get("/me")).status_code == 401
    assert (await browser.get("/me")).status_code == 200


async def test_signing_out_everywhere_ends_them_all(browser: httpx.AsyncClient, client: Client) -> None:
    async with client() as other:
        await sign_in(other)
        assert len((await other.get("/sessions")).json()) == 2
        assert (await other.delete("/sessions")).status_code == 204
    assert (await browser.get("/me")).status_code == 401


async def test_one_session_can_be_ended_from_another(browser: httpx.AsyncClient, client: Client) -> None:
    async with client() as other:
        await sign_in(other)
        listed = (await browser.get("/sessions")).json()
        assert [entry["current"] for entry in listed].count(True) == 1
        theirs = next(entry["id"] for entry in listed if not entry["current"])
        assert (await browser.delete(f"/sessions/{theirs}")).status_code == 204
        assert (await browser.delete(f"/sessions/{theirs}")).status_code == 404
        assert (await other.get("/me")).status_code == 401


async def test_an_ended_session_is_refused(browser: httpx.AsyncClient, served: Database) -> None:
    await served.write(lambda conn: conn.execute(sessions_table.update().values(expires_at=now_ms())))
    answer = await browser.get("/me")
    assert answer.status_code == 401
    assert "sign in again" in answer.json()["detail"]


async def test_tokens_are_not_kept(browser: httpx.AsyncClient, served: Database) -> None:
    rows = await served.read(lambda conn: conn.execute(sessions_table.select()).all())
    assert browser.cookies[COOKIE] not in str(rows)


async def test_a_new_password_ends_the_other_sessions(browser: httpx.AsyncClient, client: Client) -> None:
    async with client() as other:
        await sign_in(other)
        wrong = await browser.put(
            "/me/password", json={"currentPassword": "wrong password", "newPassword": "a new password"}
        )
        assert wrong.status_code == 403
        changed = await browser.put("/me/password", json={"currentPassword": PASSWORD, "newPassword": "a new password"})
        assert changed.status_code == 204
        assert (await other.get("/me")).status_code == 401
        assert (await browser.get("/me")).status_code == 200
        assert (await sign_in(other)).status_code == 401
        assert (await sign_in(other, password="a new password")).status_code == 204


async def test_another_address_needs_the_password(browser: httpx.AsyncClient) -> None:
    assert (await browser.patch("/me", json={"name": "Annie"})).json()["user"]["name"] == "Annie"
    refused = await browser.patch("/me", json={"email": "new@example.com"})
    assert refused.status_code == 403
    changed = await browser.patch("/me", json={"email": "new@example.com", "currentPassword": PASSWORD})
    assert changed.json()["user"]["email"] == "new@example.com"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "X-Runwright-CSRF": "1"},
        {"Sec-Fetch-Site": "same-site", "X-Runwright-CSRF": "1"},
    ],
    ids=["no header", "another site says so", "a sister site"],
)
async def test_another_site_cannot_act_through_a_browser(browser: httpx.AsyncClient, headers: dict[str, str]) -> None:
    del browser.headers["X-Runwright-CSRF"]
    before = (await browser.get("/me")).json()
    for method, path, body in (
        ("PATCH", "/me", {"name": "Eve"}),
        ("POST", "/projects", {"name": "Eve"}),
        ("DELETE", "/sessions", None),
        ("POST", "/session", {"email": ANN["email"], "password": PASSWORD}),
    ):
        answer = await browser.request(method, path, json=body, headers=headers)
        assert answer.status_code == 403, path
    assert (await browser.get("/me")).json() == before


async def test_a_password_changed_while_it_was_checked_lets_nobody_in(
    browser: httpx.AsyncClient, client: Client, served: Database, first: Defaults
) -> None:
    gone = await Passwords().hash("another correct horse")
    async with client() as other:
        coming = asyncio.create_task(sign_in(other))
        await asyncio.sleep(0)
        while not coming.done():
            await served.write(lambda conn: sessions.set_password_hash(conn, first.user_id, gone))
            await served.write(lambda conn: sessions.end_sessions(conn, first.user_id))
            # The check runs in a thread that would otherwise hardly get its turn.
            await asyncio.sleep(0.002)
        if (await coming).status_code == 204:
            # It came in before the change, which then ended its session.
            assert (await other.get("/me")).status_code == 401


async def test_a_deleted_user_is_signed_out(client: Client, served: Database, first: Defaults) -> None:
    user = await served.write(lambda conn: service.create_user(conn, email="bob@example.com", name="Bob"))
    link = await served.write(lambda conn: sessions.make_link(conn, user.id, now=now_ms()))
    async with client() as bob:
        assert (await bob.post("/setup", json={"token": link, "password": PASSWORD})).status_code == 204
        assert (await bob.get("/me")).json()["memberships"] == []
        assert (await bob.get("/projects")).status_code == 403
        await served.write(lambda conn: service.delete_user(conn, user.id))
        assert (await bob.get("/me")).status_code == 401


def test_attempts_are_counted_in_windows() -> None:
    limit = AttemptLimit(attempts=2, within=1000)
    assert [limit.take("a", now=now) for now in (0, 1, 400, 999, 1000)] == [None, None, 600, 1, None]
    assert limit.take("b", now=999) is None


def test_an_attempt_given_back_does_not_count() -> None:
    limit = AttemptLimit(attempts=1, within=1000)
    for now in range(5):
        assert limit.take("a", now=now) is None
        limit.give_back("a")


def test_counters_are_bounded() -> None:
    limit = AttemptLimit(attempts=1, within=1000, size=2)
    for name in "abc":
        limit.take(name, now=0)
    assert limit.take("a", now=1) is None
    assert limit.take("c", now=1) is not None

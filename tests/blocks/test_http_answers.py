"""The http block: credentials, pages, and values taken out of answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from runwright.blocks.base import BlockError, Completed
from runwright.blocks.registry import get
from runwright.config import HttpSettings
from runwright.integrations.http.client import GuardedClient
from runwright.integrations.http.credentials import Credential, CredentialKind, Credentials, CredentialSettings
from runwright.integrations.http.fake import FakeServer, Reply, Seen
from tests.blocks.support import Events, LocalServices, config, context

pytestmark = pytest.mark.anyio

SECRET = 's3cret-"quoted"-value'


class Known:
    """The credentials of a project."""

    def __init__(self, *credentials: Credential) -> None:
        self.credentials = {credential.name: credential for credential in credentials}

    async def find(self, name: str, *, org_id: str, project_id: str) -> Credential | None:
        assert (org_id, project_id) == ("org", "project")
        return self.credentials.get(name)


def credential(kind: CredentialKind, **settings: Any) -> Credential:
    return Credential(id="c1", name="target", kind=kind, settings=CredentialSettings(**settings), secret=SECRET)


def services(*credentials: Credential) -> LocalServices:
    http = GuardedClient(HttpSettings(allow_hosts=frozenset({"127.0.0.1"})))
    return LocalServices(http=http, credentials=Credentials(http, stored=Known(*credentials)))


async def run(fields: dict[str, Any], *credentials: Credential, **scope: Any) -> str:
    block = get("http")
    assert block is not None
    result = await block.run(config("http", **fields), context(services=services(*credentials), **scope))  # type: ignore[misc]
    assert isinstance(result, Completed)
    return result.output


def paged(pages: dict[str, Any], *, by: Callable[[Seen], str]) -> Callable[[Seen], Reply]:
    return lambda seen: Reply.of(pages[by(seen)])


def asked_for(seen: Seen, param: str, default: str = "") -> str:
    return parse_qs(urlsplit(seen.path).query).get(param, [default])[0]


BASIC = base64.b64encode(f"ada:{SECRET}".encode()).decode()


@pytest.mark.parametrize(
    ("used", "header", "value"),
    [
        (credential(CredentialKind.BEARER), "authorization", f"Bearer {SECRET}"),
        (credential(CredentialKind.BASIC, username="ada"), "authorization", f"Basic {BASIC}"),
        (credential(CredentialKind.HEADER, header="X-Token"), "x-token", SECRET),
    ],
)
async def test_a_credential_goes_along_and_is_never_seen(used: Credential, header: str, value: str) -> None:
    """Not even when the target sends back all that it was sent."""
    events = Events()
    with FakeServer(lambda seen: Reply.of(dict(seen.headers))) as server:
        fields = {"url": server.url, "connection": "target", "headers": {"Authorization": "mine", "x-token": "mine"}}
        output = await run(fields, used, events=events)
        assert server.seen[0].headers[header] == value
    for secret in (SECRET, json.dumps(SECRET)[1:-1], BASIC):
        assert secret not in output
        assert secret not in str(events.seen)
    assert "[secret]" in output


async def test_a_credential_is_not_seen_in_errors() -> None:
    def echo(seen: Seen) -> Reply:
        return Reply(status=400, body=f"bad: {seen.headers['authorization']}".encode())

    with FakeServer(echo) as server, pytest.raises(BlockError) as caught:
        await run({"url": server.url, "connection": "target"}, credential(CredentialKind.BEARER))
    assert SECRET not in str(caught.value)
    assert "bad: Bearer [secret]" in str(caught.value)


async def test_a_credential_does_not_follow_a_redirect_elsewhere() -> None:
    with FakeServer(lambda seen: Reply.of(dict(seen.headers))) as other:
        redirect = Reply(status=302, headers={"location": other.url})
        with FakeServer(lambda seen: redirect) as server:
            await run({"url": server.url, "connection": "target"}, credential(CredentialKind.HEADER, header="X-Token"))
        assert "x-token" not in other.seen[0].headers


async def test_an_unknown_connection() -> None:
    with pytest.raises(BlockError, match="no connection 'other'") as caught:
        await run({"url": "http://127.0.0.1", "connection": "other"})
    assert not caught.value.retryable


@pytest.mark.parametrize("hosts", [("127.0.0.1",), ("127.0.0.1:{port}",)])
async def test_the_hosts_of_a_connection(hosts: tuple[str, ...]) -> None:
    with FakeServer(lambda _: Reply(body=b"ok")) as server:
        named = tuple(host.format(port=server.port) for host in hosts)
        assert (
            await run({"url": server.url, "connection": "target"}, credential(CredentialKind.BEARER, hosts=named))
            == "ok"
        )
        elsewhere = credential(CredentialKind.BEARER, hosts=("api.example.com",))
        with pytest.raises(BlockError, match=r"may go to api\.example\.com only"):
            await run({"url": server.url, "connection": "target"}, elsewhere)
        assert len(server.seen) == 1


class TokenServer:
    """Gives numbered tokens, and takes the newest only."""

    def __init__(self) -> None:
        self.given = 0

    def __call__(self, seen: Seen) -> Reply:
        if seen.path == "/token":
            self.given += 1
            return Reply.of({"access_token": f"token-{self.given}", "expires_in": 3600})
        good = seen.headers.get("authorization") == f"Bearer token-{self.given}"
        return Reply(body=seen.headers["authorization"].encode()) if good else Reply(status=401)


async def test_tokens_are_fetched_kept_and_renewed() -> None:
    tokens = TokenServer()
    with FakeServer(tokens) as server:
        used = credential(CredentialKind.OAUTH2, token_url=f"{server.url}/token", client_id="me", scope="read")
        shared, block = services(used), get("http")
        assert block is not None
        fields = config("http", url=server.url, connection="target")
        for _ in range(2):
            result = await block.run(fields, context(services=shared))  # type: ignore[misc]
            assert result == Completed(output="Bearer [secret]")
        assert tokens.given == 1
        asked = server.seen[0]
        assert parse_qs(asked.body.decode()) == {"grant_type": ["client_credentials"], "scope": ["read"]}
        tokens.given = 7
        await block.run(fields, context(services=shared))  # type: ignore[misc]
        assert tokens.given == 8


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(status=401, body=f"no {SECRET}".encode()), r"answered 401: no \[secret\]"),
        (Reply.of({"token": "x"}), "no usable access_token"),
        (Reply(body=b"<html>"), "no usable access_token"),
        (Reply.of({"access_token": "a\nb"}), "no usable access_token"),
    ],
)
async def test_no_token(reply: Reply, words: str) -> None:
    with FakeServer(lambda _: reply) as server:
        used = credential(CredentialKind.OAUTH2, token_url=server.url, client_id="me")
        with pytest.raises(BlockError, match=words):
            await run({"url": server.url, "connection": "target"}, used)


@pytest.mark.parametrize(
    ("extract", "output"),
    [
        ("$.name", "Ada"),
        ("$.count", "3"),
        ("$.items[*].id", "[1,2]"),
        ("$..id", "[1,2]"),
        ("$.items[?@.id > 1]", '[{"id":2}]'),
        ("$.items[-1]", '{"id":2}'),
        ("$.nothing[*]", "[]"),
        ({"first": "$.items[0].id", "all": "$.items[*].id"}, '{"first":1,"all":[1,2]}'),
    ],
)
async def test_values_are_taken_out(extract: Any, output: str) -> None:
    answer = Reply.of({"name": "Ada", "count": 3, "items": [{"id": 1}, {"id": 2}]})
    with FakeServer(lambda _: answer) as server:
        assert await run({"url": server.url, "extract": extract}) == output


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"a": 1}', r"\$\.name leads to nothing in the answer"),
        (b"<html>", "the answer is no JSON; it begins with '<html>'"),
        (b"[" * 100_000, "the answer is no JSON"),
        (b'{"name": ' + b"[" * 900 + b"]" * 900 + b"}", None),
    ],
)
async def test_nothing_to_take_out(body: bytes, words: str | None) -> None:
    with FakeServer(lambda _: Reply(body=body)) as server:
        if words is None:
            assert await run({"url": server.url, "extract": "$.name"})
            return
        with pytest.raises(BlockError, match=words) as caught:
            await run({"url": server.url, "extract": "$.name"})
        assert not caught.value.retryable


async def test_pages_by_address() -> None:
    pages = {"1": {"items": [1, 2], "next": "/?page=2"}, "2": {"items": [3], "next": None}}
    with FakeServer(paged(pages, by=lambda seen: asked_for(seen, "page", "1"))) as server:
        fields = {"url": server.url, "query": {"q": "x"}, "pages": {"next": "$.next", "items": "$.items"}}
        assert await run(fields) == "[1,2,3]"


async def test_pages_by_cursor() -> None:
    pages = {"": {"items": [1], "cursor": "b"}, "b": {"items": [2], "cursor": 3}, "3": {"items": []}}
    with FakeServer(paged(pages, by=lambda seen: asked_for(seen, "after"))) as server:
        paging = {"next": "$.cursor", "param": "after", "items": "$.items"}
        assert await run({"url": server.url, "query": {"q": "x"}, "pages": paging}) == "[1,2]"
        assert [asked_for(seen, "q") for seen in server.seen] == ["x", "x", "x"]


async def test_pages_by_number_until_one_is_empty() -> None:
    pages = {"0": [{"id": 1}], "1": [{"id": 2}], "2": []}
    with FakeServer(paged(pages, by=lambda seen: asked_for(seen, "page"))) as server:
        paging = {"param": "page", "start": 0}
        assert await run({"url": server.url, "pages": paging, "extract": "$[*].id"}) == "[1,2]"


async def test_pages_by_link_header() -> None:
    def answer(seen: Seen) -> Reply:
        last = asked_for(seen, "page") == "2"
        link = {} if last else {"link": '</old>; rel="prev", </?page=2>; rel="next last"'}
        return Reply(body=b"[2]" if last else b"[1]", headers=link)

    with FakeServer(answer) as server:
        assert await run({"url": server.url, "pages": {"next": "link"}}) == "[1,2]"


async def test_pages_end_at_the_limit() -> None:
    with FakeServer(lambda seen: Reply.of([asked_for(seen, "page")])) as server:
        assert await run({"url": server.url, "pages": {"param": "page", "limit": 3}}) == '["1","2","3"]'


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ({"items": [1], "next": "http://elsewhere.example/"}, r"at another server \(elsewhere\.example\)"),
        ({"items": [1], "next": "/again"}, "the same page again"),
        ({"items": 5, "next": None}, "leads to no list of items in page 1"),
        ({"next": None}, "leads to no list of items in page 1"),
    ],
)
async def test_pages_that_cannot_be_followed(page: Any, words: str) -> None:
    with FakeServer(lambda _: Reply.of(page)) as server, pytest.raises(BlockError, match=words):
        await run({"url": f"{server.url}/again", "pages": {"next": "$.next", "items": "$.items"}})


async def test_a_page_that_fails_fails_the_block() -> None:
    def answer(seen: Seen) -> Reply:
        return Reply.of([1]) if asked_for(seen, "page") == "1" else Reply(status=500)

    with FakeServer(answer) as server, pytest.raises(BlockError, match="answered 500"):
        await run({"url": server.url, "pages": {"param": "page"}})

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest

from runwright.config import HttpSettings
from runwright.integrations.http.client import GuardedClient
from runwright.integrations.http.errors import (
    BadAnswer,
    Refused,
    RequestError,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    Unreachable,
)
from runwright.integrations.http.fake import CUT, NEVER, FakeServer, Reply, Seen
from runwright.integrations.http.messages import Answer, Outgoing

pytestmark = pytest.mark.anyio

LIMIT = 100_000
SECRETS = {
    "authorization": "Bearer s3cret",
    "cookie": "session=s3cret",
    "x-api-key": "s3cret",
    "proxy-authorization": "s3cret",
}


@pytest.fixture
async def client() -> AsyncIterator[GuardedClient]:
    settings = HttpSettings(allow_hosts=frozenset({"127.0.0.1", "other.example"}), max_response_bytes=LIMIT)

    async def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with GuardedClient(settings, resolver=resolver) as opened:
        yield opened


def get(url: str, **headers: str) -> Outgoing:
    return Outgoing("GET", url, headers=headers, timeout=5)


def redirect(location: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"location": location})


async def test_a_relative_redirect_is_followed(client: GuardedClient) -> None:
    def handler(seen: Seen) -> Reply:
        return redirect("../b?x=1") if seen.path == "/a/a" else Reply(body=seen.path.encode())

    with FakeServer(handler) as server:
        answer = await client.request(get(server.url + "/a/a"))
    assert (answer.text, answer.url) == ("/b?x=1", server.url + "/b?x=1")


async def test_secrets_stay_with_their_origin(client: GuardedClient) -> None:
    with FakeServer(lambda _: Reply()) as target:
        elsewhere = f"http://other.example:{target.port}/"
        with FakeServer(lambda _: redirect(elsewhere)) as server:
            await client.request(Outgoing("GET", server.url, headers={**SECRETS, "accept": "text/plain"}))
            assert SECRETS.items() <= server.seen[0].headers.items()
        received = target.seen[0].headers
    assert received["accept"] == "text/plain"
    assert received["host"] == f"other.example:{target.port}"
    assert "s3cret" not in repr(received)


async def test_secrets_follow_within_the_origin(client: GuardedClient) -> None:
    with FakeServer(lambda seen: Reply() if seen.path == "/b" else redirect("/b")) as server:
        await client.request(Outgoing("GET", server.url, headers=SECRETS))
        assert SECRETS.items() <= server.seen[1].headers.items()


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "PUT", "GET"),
        (303, "HEAD", "HEAD"),
        (302, "PUT", "PUT"),
        (307, "POST", "POST"),
        (308, "PATCH", "PATCH"),
    ],
)
async def test_the_method_after_a_redirect(client: GuardedClient, status: int, method: str, then: str) -> None:
    content = None if method == "HEAD" else b"payload"
    with FakeServer(lambda seen: Reply() if seen.path == "/b" else redirect("/b", status)) as server:
        await client.request(Outgoing(method, server.url, content=content, headers={"content-type": "text/plain"}))
        last = server.seen[1]
    assert last.method == then
    assert last.body == (b"" if then in ("GET", "HEAD") else b"payload")


async def test_redirects_end(client: GuardedClient) -> None:
    with FakeServer(lambda _: redirect("/again")) as server:
        with pytest.raises(TooManyRedirects, match="after 5 redirects"):
            await client.request(get(server.url))
        assert len(server.seen) == 6


async def test_cookies_are_not_remembered(client: GuardedClient) -> None:
    with FakeServer(lambda _: Reply(headers={"set-cookie": "session=1; Path=/"})) as server:
        for _ in range(2):
            await client.request(get(server.url))
        assert all("cookie" not in seen.headers for seen in server.seen)


async def test_proxies_of_the_environment_are_not_used(client: GuardedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer(lambda _: Reply(body=b"proxy")) as proxy, FakeServer(lambda _: Reply(body=b"target")) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert (await client.request(get(server.url))).text == "target"


async def test_gzip_is_unpacked(client: GuardedClient) -> None:
    packed = gzip.compress(b"first,") + gzip.compress(b"second")
    with FakeServer(lambda _: Reply(body=packed, headers={"content-encoding": "gzip"})) as server:
        answer = await client.request(get(server.url))
        assert server.seen[0].headers["accept-encoding"] == "gzip"
    assert answer.body == b"first,second"
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(body=b"x" * (LIMIT + 1)), TooLarge),
        (Reply(length=10**12), TooLarge),
        (Reply(body=gzip.compress(b"\0" * 10**7), headers={"content-encoding": "gzip"}), TooLarge),
        (Reply(body=gzip.compress(b"\0" * 99)[:-9], headers={"content-encoding": "gzip"}), BadAnswer),
        (Reply(body=b"plain", headers={"content-encoding": "gzip"}), BadAnswer),
        (Reply(body=b"?", headers={"content-encoding": "br"}), BadAnswer),
        (Reply(body=b"short", length=99), BadAnswer),
        (b"HTTP/1.1 999999 what\r\n\r\n", BadAnswer),
        (b"\x16\x03\x01\x02\x00", BadAnswer),
        (CUT, BadAnswer),
        (NEVER, TimedOut),
    ],
)
async def test_bad_answers(client: GuardedClient, reply: Reply | bytes, error: type[RequestError]) -> None:
    with FakeServer(lambda _: reply) as server, pytest.raises(error) as caught:
        await client.request(Outgoing("GET", server.url, timeout=0.3))
    assert type(caught.value) is error


async def test_a_body_without_announced_length_is_limited_too(client: GuardedClient) -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LIMIT + 1)
    with FakeServer(lambda _: endless) as server, pytest.raises(TooLarge):
        await client.request(get(server.url))


async def test_an_answer_to_head_may_announce_any_length(client: GuardedClient) -> None:
    with FakeServer(lambda _: Reply(length=10**12)) as server:
        answer = await client.request(Outgoing("HEAD", server.url))
    assert (answer.status, answer.body) == (200, b"")


async def test_nobody_listens(client: GuardedClient) -> None:
    with FakeServer(lambda _: Reply()) as server:
        gone = server.url
    with pytest.raises(Unreachable, match="Could not connect to http"):
        await client.request(get(gone))


async def test_an_unknown_name() -> None:
    async def resolver(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    async with GuardedClient(HttpSettings(), resolver=resolver) as client:
        with pytest.raises(Unreachable, match=r"The host nowhere\.example was not found"):
            await client.request(get("http://nowhere.example/"))


@pytest.mark.parametrize(
    "headers", [{"x": "a\r\nhost: b"}, {"x": "a\nb"}, {"x y": "1"}, {"x": "\udc80"}, {"x": "a\0b"}]
)
async def test_headers_cannot_smuggle(client: GuardedClient, headers: dict[str, str]) -> None:
    with FakeServer(lambda _: Reply()) as server:
        with pytest.raises(Refused):
            await client.request(Outgoing("GET", server.url, headers=headers))
        assert server.seen == []


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/html; charset=iso-8859-1", b"\xe9", "é"),
        ("text/plain; charset=Shift_JIS", "日本".encode("shift_jis"), "日本"),
        ("text/plain; charset=nonsense", "é".encode(), "é"),
        ("text/plain; charset=punycode", b"abc", "abc"),
        ("application/json", '"é"'.encode(), '"é"'),
        ("", b"\xff", "\ufffd"),
    ],
)
def test_text_of_an_answer(content_type: str, body: bytes, text: str) -> None:
    assert Answer(200, {"content-type": content_type}, body, "http://x").text == text

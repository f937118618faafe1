from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from runwright import __version__
from runwright.blocks.base import BlockError, Completed
from runwright.blocks.registry import get
from runwright.config import HttpSettings
from runwright.integrations.http.client import GuardedClient
from runwright.integrations.http.fake import CUT, NEVER, FakeServer, Reply
from tests.blocks.support import Events, LocalServices, config, context

pytestmark = pytest.mark.anyio


async def run(fields: dict[str, Any], **scope: Any) -> str:
    block = get("http")
    assert block is not None
    result = await block.run(config("http", **fields), context(**scope))  # type: ignore[misc]
    assert isinstance(result, Completed)
    return result.output


async def failure(fields: dict[str, Any], **scope: Any) -> BlockError:
    with pytest.raises(BlockError) as caught:
        await run(fields, **scope)
    return caught.value


async def test_the_output_is_the_body() -> None:
    with FakeServer(lambda _: Reply(body="Grüße".encode())) as server:
        assert await run({"url": server.url}) == "Grüße"


async def test_names_are_looked_up_everywhere() -> None:
    with FakeServer(lambda _: Reply()) as server:
        await run(
            {
                "url": server.url + "/{{ tag }}?fixed=1",
                "method": "post",
                "headers": {"X-Tag": "{{ tag }}"},
                "query": {"tag": "{{ tag }} &", "many": ["1", "{{ tag }}"]},
                "json": {"nested": [{"tag": "{{ tag }}"}, 7]},
            },
            variables={"tag": "v1"},
        )
        seen = server.seen[0]
    path, _, query = seen.path.partition("?")
    assert (seen.method, path) == ("POST", "/v1")
    assert parse_qs(query) == {"fixed": ["1"], "tag": ["v1 &"], "many": ["1", "v1"]}
    assert seen.headers["x-tag"] == "v1"
    assert seen.headers["content-type"] == "application/json"
    assert seen.json() == {"nested": [{"tag": "v1"}, 7]}


async def test_a_form() -> None:
    with FakeServer(lambda _: Reply()) as server:
        await run({"url": server.url, "method": "POST", "form": {"a": "1 & 2", "n": 5}})
        assert parse_qs(server.seen[0].body.decode()) == {"a": ["1 & 2"], "n": ["5"]}


async def test_a_plain_body_with_its_own_type() -> None:
    with FakeServer(lambda _: Reply()) as server:
        await run({"url": server.url, "method": "PUT", "body": "<a/>", "headers": {"content-type": "text/xml"}})
        assert server.seen[0].body == b"<a/>"
        assert server.seen[0].headers["content-type"] == "text/xml"


async def test_every_attempt_carries_the_same_idempotency_key() -> None:
    with FakeServer(lambda _: Reply()) as server:
        for attempt in (1, 2):
            await run({"url": server.url}, attempt=attempt)
        first, second = (seen.headers for seen in server.seen)
    assert first["idempotency-key"] == second["idempotency-key"] == context().idempotency_key
    assert first["user-agent"] == f"runwright/{__version__}"


async def test_own_headers_win() -> None:
    with FakeServer(lambda _: Reply()) as server:
        await run({"url": server.url, "headers": {"idempotency-key": "mine", "User-Agent": "me"}})
        assert server.seen[0].headers["idempotency-key"] == "mine"
        assert server.seen[0].headers["user-agent"] == "me"


@pytest.mark.parametrize(("status", "retryable"), [(400, False), (404, False), (429, True), (500, True), (503, True)])
async def test_another_status_than_expected_fails_with_what_was_said(status: int, retryable: bool) -> None:
    with FakeServer(lambda _: Reply(status=status, body=b"no\n  such  thing")) as server:
        error = await failure({"url": server.url + "/x?token=secret"})
    assert str(error) == f"GET {server.url}/x answered {status}, not 2xx: no such thing"
    assert error.retryable is retryable


async def test_expected_statuses_are_no_failure() -> None:
    with FakeServer(lambda _: Reply(status=404, body=b"gone")) as server:
        assert await run({"url": server.url, "expect": [200, 404]}) == "gone"
        assert await run({"url": server.url, "expect": 404}) == "gone"
        assert "not 201 or 204" in str(await failure({"url": server.url, "expect": [201, 204]}))


async def test_a_redirect_to_a_private_address_is_refused() -> None:
    redirect = Reply(status=302, headers={"location": "http://169.254.169.254/latest/meta-data/"})
    with FakeServer(lambda _: redirect) as server:
        error = await failure({"url": server.url})
    assert "169.254.169.254" in str(error)
    assert "metadata" in str(error)
    assert not error.retryable


async def test_a_private_address_is_refused_unless_opened() -> None:
    with FakeServer(lambda _: Reply()) as server:
        error = await failure({"url": server.url}, services=LocalServices(http=GuardedClient(HttpSettings())))
        assert server.seen == []
    assert "RUNWRIGHT_HTTP__ALLOW_HOSTS" in str(error)


async def test_a_target_that_never_answers() -> None:
    with FakeServer(lambda _: NEVER) as server:
        error = await failure({"url": server.url}, timeout=0.05)
    assert "did not answer within 0.05 seconds" in str(error)
    assert error.retryable


@pytest.mark.parametrize("reply", [CUT, b"certainly no HTTP\r\n\r\n", Reply(body=b"short", length=99)])
async def test_a_target_that_breaks_off(reply: Reply | bytes) -> None:
    with FakeServer(lambda _: reply) as server:
        assert (await failure({"url": server.url})).retryable


async def test_an_answer_over_the_limit() -> None:
    settings = HttpSettings(allow_hosts=frozenset({"127.0.0.1"}), max_response_bytes=10)
    with FakeServer(lambda _: Reply(body=b"x" * 11)) as server:
        error = await failure({"url": server.url}, services=LocalServices(http=GuardedClient(settings)))
    assert "larger than 10 bytes" in str(error)


async def test_a_live_event_tells_of_the_request_without_its_secrets() -> None:
    events = Events()
    with FakeServer(lambda _: Reply()) as server:
        await run({"url": server.url + "/p?token=secret"}, events=events)
    assert events.seen == [("request", {"method": "GET", "url": server.url + "/p"})]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "required"),
        ({"url": " "}, "url is empty"),
        ({"url": "ftp://files"}, "must start with http"),
        ({"url": "files.example.com"}, "must start with http"),
        ({"url": "https://x", "method": "STEAL"}, "method must be one of"),
        ({"url": "https://x", "method": "POST", "json": {}, "form": {}}, "json and form exclude each other"),
        ({"url": "https://x", "method": "POST", "json": None, "body": ""}, "json and body exclude each other"),
        ({"url": "https://x", "body": "b"}, "has no body"),
        ({"url": "https://x", "expect": []}, "status code"),
        ({"url": "https://x", "expect": [99]}, "status code"),
        ({"url": "https://x", "expect": "2xx"}, "status code"),
        ({"url": "https://x", "headers": {"bad name": "1"}}, "no valid header name"),
        ({"url": "https://x", "headers": {"Host": "inner"}}, "remove it"),
        ({"url": "https://x", "json_body": 1}, "not permitted"),
        ({"url": "https://x", "extract": "id"}, "no JSON path"),
        ({"url": "https://x", "extract": {"id": "$..a..b"}}, "more than once"),
        ({"url": "https://x", "extract": "$[?match(@.a, '(a+)+')]"}, "use a code block"),
        ({"url": "https://x", "pages": {}}, "pages needs next"),
        ({"url": "https://x", "pages": {"next": "next"}}, "no JSON path"),
        ({"url": "https://x", "pages": {"next": "link", "param": "page"}}, "remove param"),
        ({"url": "https://x", "pages": {"param": "page", "limit": 100_000}}, "1000"),
    ],
)
def test_bad_fields(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        config("http", **fields)
    assert words in caught.value.errors()[0]["msg"]


def test_a_whole_url_may_come_from_a_variable() -> None:
    config("http", url="{{ target }}")

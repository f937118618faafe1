"""curl commands turned into http blocks."""

from __future__ import annotations

from typing import Any

import pytest

from runwright.integrations.http.from_curl import CurlError, from_curl
from tests.blocks.support import config


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("curl https://x.example/a", {"url": "https://x.example/a", "method": "GET"}),
        ("curl x.example", {"url": "http://x.example", "method": "GET"}),
        ("curl -sSL 'https://x.example/?a=1&b=2&b=3'", {"query": {"a": "1", "b": ["2", "3"]}}),
        ("curl -XDELETE https://x.example", {"method": "DELETE"}),
        ("curl --request=PUT --url https://x.example", {"method": "PUT"}),
        ("curl -I https://x.example", {"method": "HEAD"}),
        ("curl -d 'a=1&b=x%20y' https://x.example", {"method": "POST", "form": {"a": "1", "b": "x y"}}),
        ("curl -d a=1 -d b=2 https://x.example", {"form": {"a": "1", "b": "2"}}),
        ("curl -G -d q=1 https://x.example", {"method": "GET", "query": {"q": "1"}}),
        ("curl --data-urlencode 'q=a b&c' https://x.example", {"form": {"q": "a b&c"}}),
        ("curl --json '{\"a\": [1]}' https://x.example", {"method": "POST", "json": {"a": [1]}}),
        ("curl -H 'Content-Type: application/json' -d '{\"a\":1}' https://x.example", {"json": {"a": 1}}),
        ("curl -H 'content-type: text/csv' --data-raw 'a;b' https://x.example", {"body": "a;b"}),
        (
            "curl -H 'Accept: text/html' -A me https://x.example",
            {"headers": {"Accept": "text/html", "User-Agent": "me"}},
        ),
        ("curl \\\n  -X POST \\\n  https://x.example", {"method": "POST", "url": "https://x.example"}),
    ],
)
def test_a_command_becomes_a_block(command: str, fields: dict[str, Any]) -> None:
    block = from_curl(command).block
    assert {name: block.get(name) for name in fields} == fields
    kind = block.pop("type")
    config(kind, **block)


@pytest.mark.parametrize(
    ("command", "connection"),
    [
        ("curl -u ada:s3cret https://x.example", {"kind": "basic", "username": "ada", "secret": "s3cret"}),
        ("curl https://ada:s3%20cret@x.example/", {"kind": "basic", "username": "ada", "secret": "s3 cret"}),
        ("curl -H 'Authorization: Bearer s3cret' https://x.example", {"kind": "bearer", "secret": "s3cret"}),
        ("curl -H 'Authorization: Basic YWRhOnMzY3JldA==' https://x.example", {"kind": "basic", "username": "ada"}),
        ("curl -H 'X-API-Key: s3cret' https://x.example", {"kind": "header", "header": "X-API-Key"}),
        ("curl -b 'sid=s3cret' https://x.example", {"kind": "header", "header": "Cookie", "secret": "sid=s3cret"}),
    ],
)
def test_a_credential_becomes_a_connection(command: str, connection: dict[str, Any]) -> None:
    imported = from_curl(command)
    assert imported.connection is not None
    assert imported.connection | connection == imported.connection
    assert imported.connection["hosts"] == ["x.example"]
    assert imported.block["connection"] == imported.connection["name"] == "x-example"
    assert "s3" not in str(imported.block)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("", "begin with curl"),
        ("wget https://x.example", "begin with curl"),
        ("curl", "names no address"),
        ("curl 'https://x.example", "quotes do not match"),
        ("curl a.example b.example", "two addresses"),
        ("curl -d @/etc/passwd https://x.example", "not here"),
        ("curl -F file=@x https://x.example", "not supported"),
        ("curl --proxy p https://x.example", "--proxy is not supported"),
        ("curl https://x.example -H", "has no value"),
        ("curl -H nonsense https://x.example", "has no colon"),
    ],
)
def test_a_command_that_cannot_be_read(command: str, words: str) -> None:
    with pytest.raises(CurlError, match=words):
        from_curl(command)


def test_what_is_left_out_is_said() -> None:
    assert "certificates are always checked" in from_curl("curl -k https://x.example").warnings[0]

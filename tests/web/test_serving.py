"""The web app as the server answers it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from runwright.web.files import find_files
from runwright.web.page import load_page
from runwright.web.route import WebAppRoute

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = b"console.log(1)"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(b'<meta property="csp-nonce" nonce="__CSP_NONCE__">the app')
    (tmp_path / "favicon.svg").write_bytes(b"<svg/>")
    (tmp_path / "assets" / "main-1a2b.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "main-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "assets" / "main-1a2b.js.br").write_bytes(b"as brotli")
    return tmp_path


@pytest.fixture
def client(dist: Path) -> Iterator[TestClient]:
    app = FastAPI()

    @app.post("/api/thing")
    async def make_thing() -> None: ...

    app.router.routes.append(WebAppRoute(dist))
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/workflows", "/runs/0190-some-id", "/sign-in"])
def test_every_address_of_the_app_gets_its_page(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.endswith("the app")
    assert client.head(path, headers=BROWSER).content == b""


def test_the_page_is_never_kept_and_allows_no_inline_script(client: TestClient) -> None:
    first, second = client.get("/", headers=BROWSER), client.get("/", headers=BROWSER)
    policy = dict(rule.split(" ", 1) for rule in first.headers["content-security-policy"].split("; "))
    nonce = policy["style-src"].removeprefix("'self' 'nonce-").removesuffix("'")
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert f'nonce="{nonce}"' in first.text
    assert first.text != second.text
    assert first.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/api", "/api/nothing", "/api/v1/nothing", "/assets/old-0000.js"])
def test_addresses_of_the_api_and_missing_files_are_no_pages(client: TestClient, path: str) -> None:
    assert client.get(path, headers=BROWSER).status_code == 404


def test_a_wrong_method_on_the_api_stays_a_wrong_method(client: TestClient) -> None:
    assert client.get("/api/thing", headers=BROWSER).status_code == 405


def test_who_does_not_ask_for_html_gets_no_page(client: TestClient) -> None:
    assert client.get("/workflows", headers={"Accept": "application/json"}).status_code == 404
    assert client.post("/workflows", headers=BROWSER).status_code == 404


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("gzip, br;q=0", "gzip"), ("br;q=x, gzip", "gzip")],
)
def test_files_go_out_compressed_as_the_client_takes_them(client: TestClient, accepted: str, encoding: str) -> None:
    with client.stream("GET", "/assets/main-1a2b.js", headers={"Accept-Encoding": accepted}) as answer:
        assert answer.headers["content-encoding"] == encoding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


def test_hashed_files_are_kept_forever_and_others_asked_for_again(client: TestClient) -> None:
    hashed = client.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert hashed.content == SCRIPT
    assert "immutable" in hashed.headers["cache-control"]
    assert client.get("/favicon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/../files.py", "/assets/../../secret", "/%2e%2e/files.py", "/assets/main-1a2b.js.gz"]
)
def test_nothing_but_the_built_files_is_answered(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_tree_without_a_build_says_how_to_build(tmp_path: Path) -> None:
    assert find_files(tmp_path / "dist") == {}
    assert b"make setup" in load_page(tmp_path / "dist")

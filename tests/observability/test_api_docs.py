"""The docs page works without the network, and can run nothing it did not bring along."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from runwright.api_docs.endpoints import router


@pytest.fixture
def client() -> TestClient:
    app = FastAPI(docs_url=None)
    app.include_router(router)
    return TestClient(app, raise_server_exceptions=False)


def test_every_part_the_page_names_is_served_by_us(client: TestClient) -> None:
    page = client.get("/api/docs").text
    script = client.get("/api/docs/docs.js").text
    named = re.findall(r'(?:href|src)="(/api/docs/[^"]+)"', page) + re.findall(r'from "([^"]+)"', script)
    assert len(named) == 3
    for address in named:
        assert client.get(address).status_code == 200


def test_nothing_comes_from_elsewhere(client: TestClient) -> None:
    for part in ("", "/docs.css", "/docs.js", "/schema.js"):
        assert not re.search(r"(https?:)?//[a-z0-9-]+\.", client.get(f"/api/docs{part}").text)


def test_the_policy_allows_neither_inline_nor_foreign_code(client: TestClient) -> None:
    answer = client.get("/api/docs")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|style=|<style", answer.text)


def test_text_of_the_document_never_becomes_markup(client: TestClient) -> None:
    assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|eval\(", client.get("/api/docs/docs.js").text)


@pytest.mark.parametrize("name", ["nothing.js", "..%2f__init__.py", "index.html"])
def test_only_its_parts_are_served(client: TestClient, name: str) -> None:
    assert client.get(f"/api/docs/{name}").status_code >= 400

"""MCP servers over the API: secrets go in and are never shown, tools come out, other projects see nothing."""

from __future__ import annotations

import sys
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from runwright.db.database import Database
from runwright.integrations.mcp.fake_server import FakeMcpServer, Kind
from runwright.mcp_servers.models import mcp_servers
from runwright.services import Stored
from tests.support import Tenant, add_tenant

from .support import FAKE

pytestmark = pytest.mark.anyio

SECRET = "s3cret-value"
HTTP = {"name": "tracker", "transport": "http", "url": "https://mcp.example.com/mcp", "token": SECRET}
STDIO = {
    "name": "local",
    "transport": "stdio",
    "command": sys.executable,
    "args": ["-m", FAKE],
    "env": {"TOKEN": SECRET},
}


async def created(api: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await api.post("/mcp-servers", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_server_is_made_shown_changed_and_deleted(api: httpx.AsyncClient) -> None:
    made = await created(api, HTTP)
    assert (made["name"], made["url"], made["secretNames"]) == ("tracker", HTTP["url"], ["Authorization"])
    assert (made["tools"], made["toolsAt"]) == (None, None)
    assert (await api.get("/mcp-servers")).json() == [made]
    assert (await api.get(f"/mcp-servers/{made['id']}")).json() == made
    changed = await api.put(f"/mcp-servers/{made['id']}", json={**HTTP, "name": "other", "token": None})
    assert (changed.json()["name"], changed.json()["secretNames"]) == ("other", ["Authorization"])
    assert (await api.delete(f"/mcp-servers/{made['id']}")).status_code == 204
    assert (await api.get(f"/mcp-servers/{made['id']}")).status_code == 404


async def test_secrets_are_sealed_and_never_answered(
    api: httpx.AsyncClient, app: FastAPI, served: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    for body in (HTTP, STDIO):
        made = await created(api, body)
        answers = [await api.get("/mcp-servers"), await api.get(f"/mcp-servers/{made['id']}")]
        assert all(SECRET not in answer.text for answer in answers)
    assert SECRET not in caplog.text
    database: Database = app.state.database
    rows = await database.read(lambda conn: conn.execute(sa.select(mcp_servers)).all())
    assert SECRET not in str(rows)
    opened = await Stored(database, app.state.settings).mcp_server(
        "local", org_id=served.org_id, project_id=served.project_id
    )
    assert opened is not None
    assert opened.secrets == {"TOKEN": SECRET}
    assert SECRET not in repr(opened)


async def test_another_project_does_not_have_it(api: httpx.AsyncClient, app: FastAPI, served: Tenant) -> None:
    await created(api, HTTP)
    database: Database = app.state.database
    other = await database.write(lambda conn: add_tenant(conn, name="Other"))
    stored = Stored(database, app.state.settings)
    for org_id, project_id in [(other.org_id, other.project_id), (other.org_id, served.project_id)]:
        assert await stored.mcp_server("tracker", org_id=org_id, project_id=project_id) is None
    assert (await api.get("/mcp-servers", headers={"X-Runwright-Project": other.project_id})).status_code == 404


@pytest.mark.parametrize("body", [HTTP, STDIO], ids=["http", "stdio"])
async def test_a_server_is_asked_for_its_tools(api: httpx.AsyncClient, body: dict[str, Any]) -> None:
    with FakeMcpServer() as fake:
        made = await created(api, {**body, "url": fake.mcp_url} if body is HTTP else body)
        answer = (await api.post(f"/mcp-servers/{made['id']}/refresh")).json()
        if body is HTTP:
            assert {seen.headers.get("authorization") for seen in fake.seen} == {f"Bearer {SECRET}"}
    assert (answer["ok"], answer["message"]) == (True, "It offers 8 tools.")
    tools = {tool["name"]: tool for tool in answer["server"]["tools"]}
    assert tools["add"]["inputSchema"]["required"] == ["a", "b"]
    shown = (await api.get(f"/mcp-servers/{made['id']}")).json()
    assert shown["tools"] == answer["server"]["tools"]
    assert shown["toolsAt"] is not None


async def test_a_server_that_does_not_answer_keeps_the_tools_it_had(api: httpx.AsyncClient) -> None:
    with FakeMcpServer(Kind.BAD_SCHEMA) as fake:
        made = await created(api, {**HTTP, "url": fake.mcp_url})
        tools = (await api.post(f"/mcp-servers/{made['id']}/refresh")).json()["server"]["tools"]
        assert "leads nowhere" in next(tool["problem"] for tool in tools if tool["name"] == "lost")
    answer = (await api.post(f"/mcp-servers/{made['id']}/refresh")).json()
    assert answer["ok"] is False
    assert "could not be reached" in answer["message"]
    assert answer["server"]["tools"] == tools


@pytest.mark.parametrize("change", [{"url": "https://elsewhere.example/mcp"}, {"url": "http://mcp.example.com/mcp"}])
async def test_kept_secrets_go_nowhere_else(api: httpx.AsyncClient, change: dict[str, Any]) -> None:
    made = await created(api, HTTP)
    body = {**HTTP, "token": None, **change}
    answer = await api.put(f"/mcp-servers/{made['id']}", json=body)
    assert answer.status_code == 422
    assert "headers: is needed anew" in answer.json()["detail"]
    assert (await api.put(f"/mcp-servers/{made['id']}", json={**body, "token": "new"})).status_code == 200
    local = await created(api, STDIO)
    answer = await api.put(f"/mcp-servers/{local['id']}", json={**STDIO, "env": None, "args": ["-c", "import this"]})
    assert "env: is needed anew" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({**HTTP, "name": "No Good"}, "name: must be"),
        ({**HTTP, "url": None}, "url: must be an address"),
        ({**HTTP, "url": "ftp://x"}, "url: must be an address"),
        ({**HTTP, "url": "https://ada:pw@x.example/"}, "no user or password"),
        ({**HTTP, "command": "npx"}, "does not belong|may not be started"),
        ({**HTTP, "env": {"A": "b"}}, "env: does not belong"),
        ({**HTTP, "headers": {"no header": "x"}}, "cannot be used as a name"),
        ({**HTTP, "headers": {"Host": "x"}}, "is set by Runwright itself"),
        ({**HTTP, "headers": {"X-Key": "a\nb"}}, "must be one line"),
        ({**HTTP, "token": "gehe\u00edm"}, "must be ASCII"),
        ({**STDIO, "command": None}, "command: must be the program"),
        ({**STDIO, "command": "bash"}, "RUNWRIGHT_MCP__STDIO_COMMANDS"),
        ({**STDIO, "url": "https://x.example"}, "url: does not belong"),
        ({**STDIO, "token": "x"}, "headers: do not belong"),
        ({**STDIO, "env": {"1A": "b"}}, "cannot be used as a name"),
    ],
)
async def test_what_cannot_be_used_is_refused(api: httpx.AsyncClient, body: dict[str, Any], words: str) -> None:
    answer = await api.post("/mcp-servers", json=body)
    assert answer.status_code == 422
    assert any(word in answer.json()["detail"] for word in words.split("|")), answer.text
    assert SECRET not in answer.text


async def test_a_name_is_used_once(api: httpx.AsyncClient) -> None:
    await created(api, HTTP)
    other = await created(api, STDIO)
    assert (await api.post("/mcp-servers", json=HTTP)).status_code == 409
    assert (await api.put(f"/mcp-servers/{other['id']}", json={**STDIO, "name": "tracker"})).status_code == 409

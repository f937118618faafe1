"""Connections over the API: what goes in is never shown, and used by the blocks of its project alone."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from runwright.connections.models import connections
from runwright.db.database import Database
from runwright.services import Stored
from tests.support import Tenant, add_tenant

pytestmark = pytest.mark.anyio

SECRET = "s3cret-value"
BEARER = {"name": "tracker", "kind": "bearer", "secret": SECRET, "hosts": ["Tracker.example.com"]}
OAUTH = {
    "name": "crm",
    "kind": "oauth2_client_credentials",
    "secret": SECRET,
    "tokenUrl": "https://login.example.com/token",
    "clientId": "me",
}


async def created(api: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await api.post("/connections", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_connection_is_made_shown_changed_and_deleted(api: httpx.AsyncClient) -> None:
    made = await created(api, BEARER)
    assert (made["name"], made["kind"], made["hosts"]) == ("tracker", "bearer", ["tracker.example.com"])
    assert (await api.get("/connections")).json() == [made]
    assert (await api.get(f"/connections/{made['id']}")).json() == made
    changed = await api.put(f"/connections/{made['id']}", json={**BEARER, "name": "other", "secret": None})
    assert changed.json()["name"] == "other"
    assert (await api.delete(f"/connections/{made['id']}")).status_code == 204
    assert (await api.get(f"/connections/{made['id']}")).status_code == 404


async def test_the_secret_is_sealed_and_never_answered(
    api: httpx.AsyncClient, app: FastAPI, served: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    made = await created(api, BEARER)
    answers = [await api.get("/connections"), await api.get(f"/connections/{made['id']}")]
    assert all(SECRET not in answer.text for answer in answers)
    assert SECRET not in caplog.text
    database: Database = app.state.database
    (row,) = await database.read(lambda conn: conn.execute(sa.select(connections)).all())
    assert SECRET not in str(row)
    stored = Stored(database, app.state.settings)
    opened = await stored.find("tracker", org_id=served.org_id, project_id=served.project_id)
    assert opened is not None
    assert opened.secret == SECRET
    assert SECRET not in repr(opened)


async def test_another_project_does_not_have_it(api: httpx.AsyncClient, app: FastAPI, served: Tenant) -> None:
    await created(api, BEARER)
    database: Database = app.state.database
    other = await database.write(lambda conn: add_tenant(conn, name="Other"))
    stored = Stored(database, app.state.settings)
    for org_id, project_id in [(other.org_id, other.project_id), (other.org_id, served.project_id)]:
        assert await stored.find("tracker", org_id=org_id, project_id=project_id) is None
    assert (await api.get("/connections", headers={"X-Runwright-Project": other.project_id})).status_code == 404


@pytest.mark.parametrize(
    "change", [{"hosts": []}, {"kind": "header", "header": "X-Key"}, {"hosts": ["elsewhere.example"]}]
)
async def test_a_kept_secret_goes_nowhere_else(api: httpx.AsyncClient, change: dict[str, Any]) -> None:
    made = await created(api, BEARER)
    body = {**BEARER, "secret": None, **change}
    answer = await api.put(f"/connections/{made['id']}", json=body)
    assert answer.status_code == 422
    assert "secret: is needed anew" in answer.json()["detail"]
    assert (await api.put(f"/connections/{made['id']}", json={**body, "secret": "new"})).status_code == 200


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({**BEARER, "name": "No Good"}, "name: must be"),
        ({**BEARER, "secret": None}, "secret: is needed"),
        ({**BEARER, "secret": "a\nb"}, "secret: must be one line"),
        ({**BEARER, "secret": "gehe\u00edm"}, "secret: must be ASCII"),
        ({**BEARER, "username": "ada"}, "username: does not belong"),
        ({**BEARER, "hosts": ["https://x"]}, "is no host"),
        ({**BEARER, "kind": "basic"}, "username: is needed"),
        ({**BEARER, "kind": "basic", "username": "a:b"}, "must not hold a colon"),
        ({**BEARER, "kind": "header", "header": "no header"}, "no valid name of a header"),
        ({**OAUTH, "tokenUrl": None}, "token_url: is needed"),
        ({**OAUTH, "tokenUrl": "ftp://x"}, "token_url: must be an address"),
    ],
)
async def test_what_cannot_be_used_is_refused(api: httpx.AsyncClient, body: dict[str, Any], words: str) -> None:
    answer = await api.post("/connections", json=body)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert SECRET not in answer.text


async def test_a_name_is_used_once(api: httpx.AsyncClient) -> None:
    await created(api, BEARER)
    other = await created(api, OAUTH)
    assert (await api.post("/connections", json=BEARER)).status_code == 409
    assert (await api.put(f"/connections/{other['id']}", json={**OAUTH, "name": "tracker"})).status_code == 409


async def test_a_curl_command_becomes_a_block(api: httpx.AsyncClient) -> None:
    answer = await api.post("/http/from-curl", json={"command": "curl -u ada:pw https://x.example/a?b=1"})
    assert answer.status_code == 200
    shown = answer.json()
    assert shown["yaml"] == (
        "type: http\nurl: https://x.example/a\nmethod: GET\nconnection: x-example\nquery:\n  b: '1'\n"
    )
    assert (await api.post("/connections", json=shown["connection"])).status_code == 201
    refused = await api.post("/http/from-curl", json={"command": "wget x"})
    assert (refused.status_code, refused.json()["detail"]) == (422, "command: it must begin with curl")

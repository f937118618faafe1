"""Nothing is open by mistake: every route without a key, and with another organization's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import Depends, FastAPI

from runwright.accounts import keys, providers, service
from runwright.accounts.bootstrap import ensure_default
from runwright.accounts.dependencies import open_routes, public, require_role
from runwright.accounts.models import Role
from runwright.db.database import Database
from runwright.db.tables import metadata
from runwright.kit.ids import new_uuid
from tests.accounts.conftest import add_person
from tests.accounts.routes import WORKFLOW, Call, calls
from tests.support import Tenant, add_tenant, add_workflow, start

pytestmark = pytest.mark.anyio

# These look after their callers themselves: see the tests of their contract.
FROZEN = {"POST /api/workflows/{templateId}/trigger", "GET /api/executions/{executionId}"}
# What machines ask about the server, and the page that describes the API: no tenant's data.
OPEN = {"GET /healthz", "GET /readyz", "GET /metrics", "GET /api/docs", "GET /api/docs/{name}"}
# The address itself is the permission: it is signed, and was given away by the workflow.
SIGNED = {"POST /api/v1/callbacks/{execution_id}/{key}/{signature}"}
SIGNING_IN = {"POST /api/v1/session", "GET /api/v1/setup", "POST /api/v1/setup", "POST /api/v1/setup/inspect"}


@pytest.fixture
async def victim(served: Database) -> dict[str, str]:
    """An organization with one of everything: the identifiers that paths may name, and its own as ``org_id``."""

    def work(conn: sa.Connection) -> dict[str, str]:
        ensure_default(conn)
        tenant = add_tenant(conn, name="Victim")
        workflow_id = add_workflow(conn, tenant, WORKFLOW)
        execution_id = start(conn, tenant, workflow_id)
        review_id = add_review(conn, tenant, execution_id)
        known = _identifiers(tenant, workflow_id=workflow_id, execution_id=execution_id, review_id=review_id)
        return {**known, "connection_id": add_connection(conn, tenant), "server_id": add_mcp_server(conn, tenant)}

    return await served.write(work)


def add_review(conn: sa.Connection, tenant: Tenant, execution_id: str) -> str:
    """Ask for a decision about the only block."""
    review_id = new_uuid()
    row = {"id": review_id, "org_id": tenant.org_id, "project_id": tenant.project_id, "execution_id": execution_id}
    block = {"block_key": "greeting", "round": 0, "message": "Is this polite?", "created_at": 1}
    conn.execute(metadata.tables["reviews"].insert(), row | block)
    return review_id


def add_connection(conn: sa.Connection, tenant: Tenant) -> str:
    """Make a credential of the project."""
    made = {"id": new_uuid(), "org_id": tenant.org_id, "project_id": tenant.project_id, "name": "victims"}
    kept = {"kind": "bearer", "settings": '{"hosts":[]}', "secret_sealed": "sealed", "created_at": 1, "updated_at": 1}
    conn.execute(metadata.tables["connections"].insert(), made | kept)
    return made["id"]


def add_mcp_server(conn: sa.Connection, tenant: Tenant) -> str:
    """Register a server of the project."""
    made = {"id": new_uuid(), "org_id": tenant.org_id, "project_id": tenant.project_id, "name": "victims"}
    settings = '{"url":"https://mcp.example.com","command":null,"args":[],"secret_names":[]}'
    kept = {"transport": "http", "settings": settings, "created_at": 1, "updated_at": 1}
    conn.execute(metadata.tables["mcp_servers"].insert(), made | kept)
    return made["id"]


def _identifiers(
    tenant: Tenant, *, workflow_id: str = "", execution_id: str = "", review_id: str = ""
) -> dict[str, str]:
    return {
        "number": "1",
        "review_id": review_id,
        "org_id": tenant.org_id,
        "user_id": tenant.user_id,
        "project_id": tenant.project_id,
        "key_id": tenant.key_id,
        "workflow_id": workflow_id,
        "templateId": workflow_id,
        "execution_id": execution_id,
        "executionId": execution_id,
        "vendor": "openai",
    }


@pytest.fixture
async def stranger(served: Database) -> str:
    """The key of an owner of another organization."""
    return (await served.write(lambda conn: add_tenant(conn, name="Stranger"))).secret


def everything_of(conn: sa.Connection, org_id: str) -> dict[str, list[Any]]:
    """All rows of an organization, in every table that names it."""
    return {
        table.name: sorted(conn.execute(table.select().where(table.c.org_id == org_id)).all(), key=str)
        for table in metadata.sorted_tables
        if "org_id" in table.c
    }


async def send(app: FastAPI, call: Call, *, identifiers: dict[str, str], headers: dict[str, str]) -> httpx.Response:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://runwright.example") as client:
        return await client.request(
            call.method, call.at(identifiers), json=call.body, params=call.params, headers=headers
        )


async def test_every_route_asks_who_is_calling_or_is_marked(app: FastAPI) -> None:
    assert set(open_routes(app)) == FROZEN | OPEN | SIGNED


async def test_without_a_key_nothing_answers(app: FastAPI, victim: dict[str, str]) -> None:
    for call in calls(app):
        if call.name in SIGNING_IN | SIGNED:
            continue
        answer = await send(app, call, identifiers=victim, headers={"X-Runwright-CSRF": "1"})
        assert answer.status_code == 401, f"{call.name}: {answer.status_code} {answer.text}"


async def test_with_a_bad_key_or_session_nothing_answers(app: FastAPI, victim: dict[str, str]) -> None:
    for call in calls(app):
        if call.name in SIGNING_IN | SIGNED:
            continue
        for headers in ({"x-api-key": "rw_unknown"}, {"cookie": "runwright_session=rws_unknown"}):
            answer = await send(app, call, identifiers=victim, headers=headers)
            assert answer.status_code == 401, f"{call.name}: {answer.status_code} {answer.text}"


async def test_a_key_without_organization_opens_nothing(app: FastAPI, served: Database, victim: dict[str, str]) -> None:
    made = await served.write(
        lambda conn: keys.create_key(conn, org_id=None, user_id=victim["user_id"], name="nowhere")
    )
    for call in calls(app):
        if call.name in SIGNING_IN | SIGNED:
            continue
        answer = await send(app, call, identifiers=victim, headers={"x-api-key": made.secret})
        assert answer.status_code == 403, f"{call.name}: {answer.status_code} {answer.text}"


async def test_another_organizations_key_reaches_nothing(
    app: FastAPI, served: Database, victim: dict[str, str], stranger: str
) -> None:
    before = await served.read(lambda conn: everything_of(conn, victim["org_id"]))
    for call in calls(app):
        if call.name in SIGNING_IN | SIGNED:
            continue
        answer = await send(app, call, identifiers=victim, headers={"x-api-key": stranger})
        told = [name for name in victim if name not in ("vendor", "number") and victim[name] in answer.text]
        assert not told, f"{call.name} tells of {told}: {answer.text}"
        if any(f"{{{name}}}" in call.path for name in victim if name not in ("vendor", "number")):
            assert answer.status_code in (403, 404), f"{call.name}: {answer.status_code} {answer.text}"
        assert answer.status_code < 500, f"{call.name}: {answer.status_code} {answer.text}"
    assert await served.read(lambda conn: everything_of(conn, victim["org_id"])) == before


async def test_naming_another_organization_opens_nothing(
    app: FastAPI, served: Database, victim: dict[str, str], stranger: str
) -> None:
    before = await served.read(lambda conn: everything_of(conn, victim["org_id"]))
    headers = {"x-api-key": stranger, "X-Runwright-Organization": victim["org_id"]}
    for call in calls(app):
        if call.name in SIGNING_IN | FROZEN:
            continue
        answer = await send(app, call, identifiers=victim, headers=headers)
        assert "Victim" not in answer.text, call.name
    assert await served.read(lambda conn: everything_of(conn, victim["org_id"])) == before


async def test_who_runs_the_installation_does_not_read_what_others_make(
    app: FastAPI, victim: dict[str, str], owner_secret: str
) -> None:
    headers = {"x-api-key": owner_secret, "X-Runwright-Organization": victim["org_id"]}
    for call in calls(app):
        if call.method == "GET" and ("workflow" in call.path or "execution" in call.path or "review" in call.path):
            answer = await send(app, call, identifiers=victim, headers=headers)
            assert answer.status_code in (403, 404), f"{call.name}: {answer.status_code} {answer.text}"


async def test_a_member_manages_nothing(app: FastAPI, served: Database) -> None:
    tenant = await served.write(add_tenant)
    secret = await served.write(lambda conn: add_person(conn, tenant.org_id, "bob", Role.MEMBER))
    identifiers = _identifiers(tenant)
    before = await served.read(lambda conn: _managed(conn, tenant.org_id))
    for call in calls(app):
        if call.method != "GET" and call.path.startswith(
            tuple(f"/api/v1/{noun}" for noun in ("members", "projects", "credits", "organizations", "users", "model-"))
        ):
            answer = await send(app, call, identifiers=identifiers, headers={"x-api-key": secret})
            assert answer.status_code == 403, f"{call.name}: {answer.status_code} {answer.text}"
    refused = await send(
        app,
        Call("DELETE", "/api/v1/api-keys/{key_id}"),
        identifiers=identifiers,
        headers={"x-api-key": secret},
    )
    assert refused.status_code == 404
    assert await served.read(lambda conn: _managed(conn, tenant.org_id)) == before


def _managed(conn: sa.Connection, org_id: str) -> list[Any]:
    rows = everything_of(conn, org_id)
    # The key that asks is noted as used.
    return [rows["memberships"], rows["projects"], rows["model_providers"], [row.id for row in rows["api_keys"]]]


async def test_a_key_of_another_organization_does_not_run_the_installation(app: FastAPI, served: Database) -> None:
    def work(conn: sa.Connection) -> str:
        first = ensure_default(conn)
        acme = service.create_organization(conn, name="Acme", owner_id=first.user_id)
        return keys.create_key(conn, org_id=acme.id, user_id=first.user_id, name="acme").secret

    secret = await served.write(work)
    answer = await send(app, Call("GET", "/api/v1/users"), identifiers={}, headers={"x-api-key": secret})
    assert answer.status_code == 403


async def test_a_providers_key_is_in_no_answer(app: FastAPI, served: Database, owner_secret: str) -> None:
    put = Call("PUT", "/api/v1/model-providers/openai", {"apiKey": "sk-very-secret"})
    answer = await send(app, put, identifiers={}, headers={"x-api-key": owner_secret})
    assert answer.json()["hasApiKey"] is True
    assert "very-secret" not in answer.text
    first = await served.write(ensure_default)
    access = await served.read(
        lambda conn: providers.open_provider(
            conn, app.state.door.secret_box, org_id=first.org_id, vendor=providers.Vendor.OPENAI
        )
    )
    assert access is not None
    assert access.api_key == "sk-very-secret"
    for call in calls(app):
        if call.method == "GET":
            shown = await send(app, call, identifiers={}, headers={"x-api-key": owner_secret})
            assert "very-secret" not in shown.text, call.name


async def test_a_forgotten_guard_is_found() -> None:
    app = FastAPI()

    @app.get("/forgotten")
    def forgotten() -> None: ...

    @app.get("/open")
    @public
    def marked() -> None: ...

    @app.get("/guarded", dependencies=[Depends(require_role(Role.ADMIN))])
    def guarded() -> None: ...

    assert open_routes(app) == ["GET /forgotten"]

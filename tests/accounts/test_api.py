"""The management API of accounts, call by call."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from runwright.accounts import keys, service
from runwright.accounts.bootstrap import Defaults
from runwright.accounts.models import Role, usage_entries
from runwright.db.database import Database
from runwright.kit.ids import new_uuid
from tests.accounts.conftest import Client, add_person

pytestmark = pytest.mark.anyio


async def get(client: Client, secret: str, path: str) -> httpx.Response:
    async with client(secret) as caller:
        return await caller.get(path)


async def test_a_key_tells_who_is_calling(client: Client, owner_secret: str, first: Defaults) -> None:
    me = (await get(client, owner_secret, "/me")).json()
    assert me["user"]["id"] == first.user_id
    assert me["apiKeyId"].startswith("ak_")
    assert [entry["organization"]["id"] for entry in me["memberships"]] == [first.org_id]
    assert me["user"]["createdAt"].endswith("Z")


async def test_a_key_does_not_tell_of_its_users_other_organizations(
    client: Client, served: Database, owner_secret: str, first: Defaults
) -> None:
    await served.write(lambda conn: service.create_organization(conn, name="Acme", owner_id=first.user_id))
    me = (await get(client, owner_secret, "/me")).json()
    assert len(me["memberships"]) == 1


async def test_a_key_is_made_used_listed_and_deleted(client: Client, owner_secret: str) -> None:
    async with client(owner_secret) as owner:
        made = await owner.post("/api-keys", json={"name": "ci"})
        assert made.status_code == 201
        secret, key = made.json()["secret"], made.json()["key"]
        assert secret.startswith(key["prefix"])
        assert (await get(client, secret, "/me")).json()["apiKeyId"] == key["id"]
        listed = await owner.get("/api-keys")
        assert {entry["name"] for entry in listed.json()["items"]} == {"ci", "owner"}
        assert secret not in listed.text
        assert (await owner.delete(f"/api-keys/{key['id']}")).status_code == 204
        assert (await owner.delete(f"/api-keys/{key['id']}")).status_code == 404
    refused = await get(client, secret, "/me")
    assert (refused.status_code, refused.json()["detail"]) == (401, "Invalid API key")


async def test_the_use_of_a_key_is_noted_soon(
    app: FastAPI, client: Client, served: Database, owner_secret: str, first: Defaults
) -> None:
    await get(client, owner_secret, "/me")
    await app.state.background.finish()
    holder = await served.read(lambda conn: keys.find_key(conn, owner_secret))
    assert holder is not None
    listed = (await get(client, owner_secret, "/api-keys")).json()["items"]
    assert next(key for key in listed if key["id"] == holder.key_id)["lastUsedAt"] is not None


async def test_members_see_their_own_keys_and_admins_all(client: Client, served: Database, first: Defaults) -> None:
    secrets = {
        role: await served.write(lambda conn, role=role: add_person(conn, first.org_id, role.value, role))
        for role in Role
    }
    own = (await get(client, secrets[Role.MEMBER], "/api-keys")).json()["items"]
    assert [key["name"] for key in own] == ["member"]
    assert (await get(client, secrets[Role.MEMBER], "/api-keys?of=organization")).status_code == 403
    for role in (Role.ADMIN, Role.OWNER):
        listed = (await get(client, secrets[role], "/api-keys?of=organization")).json()["items"]
        assert {key["name"] for key in listed} == {"owner", "admin", "member"}
    async with client(secrets[Role.ADMIN]) as admin:
        assert (await admin.delete(f"/api-keys/{own[0]['id']}")).status_code == 204


async def test_keys_for_others_are_for_who_runs_the_installation(
    client: Client, served: Database, owner_secret: str, first: Defaults
) -> None:
    admin_secret = await served.write(lambda conn: add_person(conn, first.org_id, "admin", Role.ADMIN))
    outsider = await served.write(lambda conn: service.create_user(conn, email="out@example.com", name="Out"))
    for body in ({"name": "x", "userId": outsider.id}, {"name": "x", "withoutOrganization": True}):
        async with client(admin_secret) as admin:
            assert (await admin.post("/api-keys", json=body)).status_code == 403
        async with client(owner_secret) as owner:
            made = await owner.post("/api-keys", json=body)
            assert made.status_code == 201, made.text
        assert (await get(client, made.json()["secret"], "/me")).status_code == 403
    listed = (await get(client, owner_secret, "/api-keys?of=nobody")).json()["items"]
    assert [key["organizationId"] for key in listed] == [None]
    async with client(owner_secret) as owner:
        assert (await owner.delete(f"/api-keys/{listed[0]['id']}")).status_code == 204


async def test_another_organization_is_made_and_managed(
    client: Client, served: Database, owner_secret: str, first: Defaults
) -> None:
    async with client(owner_secret) as owner:
        user = (await owner.post("/users", json={"email": "ann@example.com", "name": "Ann"})).json()
        made = await owner.post("/organizations", json={"name": "Acme", "ownerId": user["id"]})
        assert made.status_code == 201
        acme = {"X-Runwright-Organization": made.json()["id"]}
        members = (await owner.get("/members", headers=acme)).json()["items"]
        assert [(member["email"], member["role"]) for member in members] == [("ann@example.com", "owner")]
        invited = await owner.post(
            "/members", headers=acme, json={"email": "bob@example.com", "name": "Bob", "role": "admin"}
        )
        assert invited.status_code == 201
        assert invited.json()["link"]["path"].startswith("/sign-in#link=rwl_")
        again = await owner.post("/members", json={"email": "bob@example.com"})
        assert again.json()["link"] is None
        assert (await owner.put("/credits", headers=acme, json={"limit": "5"})).json()["limit"] == "5.00"
        assert (await owner.get("/credits")).json()["limit"] is None
        project = (await owner.post("/projects", headers=acme, json={"name": "Docs"})).json()
        assert (await owner.get(f"/projects/{project['id']}")).status_code == 404
        renamed = await owner.patch(f"/organizations/{made.json()['id']}", json={"name": "Acme Ltd"})
        assert renamed.json()["name"] == "Acme Ltd"
        assert len((await owner.get("/organizations")).json()["items"]) == 2
        assert (await owner.delete(f"/organizations/{made.json()['id']}")).status_code == 204
        assert (await owner.get("/members", headers=acme)).status_code == 404


async def test_members_change_roles_and_leave(
    client: Client, served: Database, owner_secret: str, first: Defaults
) -> None:
    bob_secret = await served.write(lambda conn: add_person(conn, first.org_id, "bob", Role.MEMBER))
    async with client(owner_secret) as owner, client(bob_secret) as bob:
        bob_id = (await bob.get("/me")).json()["user"]["id"]
        assert (await bob.delete(f"/members/{first.user_id}")).status_code == 403
        assert (await owner.patch(f"/members/{bob_id}", json={"role": "admin"})).json()["role"] == "admin"
        assert (await owner.patch(f"/members/{bob_id}", json={"role": "king"})).status_code == 422
        assert (await owner.delete(f"/members/{first.user_id}")).status_code == 409
        assert (await bob.delete(f"/members/{bob_id}")).status_code == 204
        assert (await bob.get("/me")).status_code == 403


async def test_an_organizations_own_admins_make_no_accounts(
    client: Client, served: Database, owner_secret: str, first: Defaults
) -> None:
    def work(conn: sa.Connection) -> str:
        ann = service.create_user(conn, email="ann@example.com", name="Ann")
        acme = service.create_organization(conn, name="Acme", owner_id=ann.id)
        return keys.create_key(conn, org_id=acme.id, user_id=ann.id, name="ann").secret

    async with client(await served.write(work)) as ann:
        unknown = await ann.post("/members", json={"email": "new@example.com"})
        assert unknown.status_code == 404
        known = await ann.post("/members", json={"email": "owner@localhost"})
        assert (known.status_code, known.json()["link"]) == (201, None)
        assert (await ann.put("/credits", json={"limit": None})).status_code == 403
        assert (await ann.get("/users")).status_code == 403


async def test_projects_are_made_changed_and_deleted(client: Client, owner_secret: str) -> None:
    async with client(owner_secret) as owner:
        made = (await owner.post("/projects", json={"name": " Docs ", "defaultModel": "openai:gpt-5"})).json()
        assert (made["name"], made["defaultModel"]) == ("Docs", "openai:gpt-5")
        path = f"/projects/{made['id']}"
        assert (await owner.patch(path, json={"defaultModel": ""})).json()["defaultModel"] is None
        assert (await owner.get(path)).json()["name"] == "Docs"
        assert (await owner.delete(path)).status_code == 204
        gone = await owner.get(path)
        assert (gone.status_code, gone.json()["detail"]) == (404, "Project not found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x" * 201},
        {"name": "a\x00b"},
        {"name": 7},
        {"name": None},
        {"name": "x", "nmae": "y"},
        {"name": "x", "defaultModel": "nonsense"},
        [],
        "x",
    ],
)
async def test_what_makes_no_project_is_refused(client: Client, owner_secret: str, body: object) -> None:
    async with client(owner_secret) as owner:
        answer = await owner.post("/projects", json=body)
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert len((await owner.get("/projects")).json()["items"]) == 1


@pytest.mark.parametrize("raw", [b'{"name": "\\ud800"}', b'{"name": "\\u0000"}', b"\xff", b'{"name": '])
async def test_odd_bytes_are_refused(client: Client, owner_secret: str, raw: bytes) -> None:
    async with client(owner_secret) as owner:
        answer = await owner.post("/projects", content=raw, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize("path", ["/projects/%00", "/projects/%ff", "/users/a'b", "/projects?cursor=%00", "/me/x"])
async def test_odd_addresses_are_refused(client: Client, owner_secret: str, path: str) -> None:
    answer = await get(client, owner_secret, path)
    assert answer.status_code in (404, 405, 422), answer.text


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=a%20b"])
async def test_odd_pages_are_refused(client: Client, owner_secret: str, query: str) -> None:
    assert (await get(client, owner_secret, f"/projects?{query}")).status_code == 422


@pytest.mark.parametrize("header", ["X-Runwright-Organization", "X-Runwright-Project"])
async def test_odd_headers_are_refused(client: Client, owner_secret: str, header: str) -> None:
    async with client(owner_secret) as owner:
        answer = await owner.get("/projects", headers={header.encode(): "é;--".encode()})
        # Only what lies in a project asks for the project.
        assert answer.status_code == (404 if header.endswith("Organization") else 200)


async def test_lists_come_in_pages(client: Client, owner_secret: str) -> None:
    async with client(owner_secret) as owner:
        for name in ("a", "b", "c"):
            await owner.post("/projects", json={"name": name})
        found, cursor = [], ""
        while cursor is not None:
            page = (await owner.get("/projects", params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
            found += [project["name"] for project in page["items"]]
            cursor = page["nextCursor"]
    assert found == ["Default", "a", "b", "c"]


async def test_credit_is_shown_set_and_added(
    client: Client, served: Database, owner_secret: str, first: Defaults
) -> None:
    entry = {"id": new_uuid(), "org_id": first.org_id, "model": "openai:x", "cost_micros": 1_250_000, "created_at": 1}
    await served.write(lambda conn: conn.execute(usage_entries.insert(), entry))
    async with client(owner_secret) as owner:
        unlimited = {"limit": None, "used": "1.25", "remaining": None, "reached": False}
        assert (await owner.get("/credits")).json() == unlimited
        assert (await owner.post("/credits/add", json={"amount": "1"})).status_code == 409
        reached = {"limit": "1.00", "used": "1.25", "remaining": "0.00", "reached": True}
        assert (await owner.put("/credits", json={"limit": "1"})).json() == reached
        more = (await owner.post("/credits/add", json={"amount": "0.50"})).json()
        assert (more["limit"], more["remaining"], more["reached"]) == ("1.50", "0.25", False)
        usage = (await owner.get("/usage")).json()["items"]
        assert [(item["model"], item["cost"]) for item in usage] == [("openai:x", "1.25")]
        assert (await owner.put("/credits", json={"limit": None})).json() == unlimited


@pytest.mark.parametrize("limit", ["-1", "1e9", "NaN", "", "10000000000", 5, True, {}])
async def test_what_is_no_amount_is_refused(client: Client, owner_secret: str, limit: object) -> None:
    async with client(owner_secret) as owner:
        assert (await owner.put("/credits", json={"limit": limit})).status_code == 422


async def test_credit_added_at_once_all_counts(client: Client, owner_secret: str) -> None:
    async with client(owner_secret) as owner:
        await owner.put("/credits", json={"limit": "1000000000"})
        assert (await owner.post("/credits/add", json={"amount": "1"})).status_code == 409
        await owner.put("/credits", json={"limit": "0"})
        for _ in range(3):
            await owner.post("/credits/add", json={"amount": "0.000001"})
        assert (await owner.get("/credits")).json()["limit"] == "0.000003"


async def test_model_providers_are_set_up_and_taken_away(client: Client, owner_secret: str) -> None:
    async with client(owner_secret) as owner:
        body = {"baseUrl": "http://127.0.0.1:8080/v1"}
        made = await owner.put("/model-providers/compatible", json=body)
        assert made.json()["hasApiKey"] is False
        assert [entry["vendor"] for entry in (await owner.get("/model-providers")).json()] == ["compatible"]
        assert (await owner.delete("/model-providers/compatible")).status_code == 204
        assert (await owner.delete("/model-providers/compatible")).status_code == 404
        assert (await owner.put("/model-providers/skynet", json=body)).status_code == 422


async def test_users_are_made_changed_linked_and_deleted(client: Client, owner_secret: str, first: Defaults) -> None:
    async with client(owner_secret) as owner:
        made = (await owner.post("/users", json={"email": "ANN@example.com", "name": "Ann"})).json()
        assert (made["email"], made["hasPassword"]) == ("ann@example.com", False)
        taken = await owner.post("/users", json={"email": "ann@example.com", "name": "Other"})
        assert taken.status_code == 409
        path = f"/users/{made['id']}"
        assert (await owner.patch(path, json={"name": "Ann Lee"})).json()["name"] == "Ann Lee"
        link = (await owner.post(f"{path}/link")).json()
        assert link["path"].endswith(link["token"])
        assert len((await owner.get("/users")).json()["items"]) == 2
        assert (await owner.delete(path)).status_code == 204
        assert (await owner.get(path)).status_code == 404
        assert (await owner.delete(f"/users/{first.user_id}")).status_code == 409

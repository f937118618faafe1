"""The management API of workflows, call by call."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from runwright.kit.ids import new_uuid
from tests.support import Tenant, add_tenant, start

pytestmark = pytest.mark.anyio

SOURCE = """\
version: 1
name: Hello
inputs: {who: {required: true, description: Whom}}
blocks:
  route:
    type: condition
    branches: {known: "who != ''", else: true}
  greet:
    type: template
    needs: [route.known]
    text: "Hello {{ who }}"  # a comment
"""
OTHER = SOURCE.replace("name: Hello", "name: Other")


async def created(api: httpx.AsyncClient, source: str = SOURCE, **fields: Any) -> dict[str, Any]:
    answer = await api.post("/workflows", json={"source": source, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_workflow_is_made_of_a_file(api: httpx.AsyncClient, served: Tenant) -> None:
    made = await created(api)
    assert made["projectId"] == served.project_id
    assert (made["publishedVersion"], made["latestVersion"]) == (1, 1)
    assert made["triggers"]["api"] == {
        "enabled": False,
        "concurrency": "parallel",
        "path": f"/api/workflows/{made['id']}/trigger",
    }
    found = (await api.get(f"/workflows/{made['id']}")).json()
    assert found == {**made, "runs": {"count": 0, "lastExecutionId": None, "lastStatus": None, "lastAt": None}}


async def test_a_workflow_can_be_without_project(api: httpx.AsyncClient) -> None:
    made = await created(api, projectId=None, publish=False)
    assert (made["projectId"], made["publishedVersion"]) == (None, None)
    refused = await api.post("/workflows", json={"source": SOURCE, "projectId": new_uuid()})
    assert (refused.status_code, refused.json()["detail"]) == (404, "Project not found")


async def test_a_wrong_file_is_answered_with_its_problems(api: httpx.AsyncClient) -> None:
    wrong = SOURCE.replace("{{ who }}", "{{ whom }}").replace("route.known", "route.unknown")
    for call in ("/workflows", f"/workflows/{new_uuid()}/versions"):
        answer = await api.post(call, json={"source": wrong})
        assert answer.status_code == 422
        assert [(p["line"], p["path"]) for p in answer.json()["problems"]] == [
            (10, "blocks.greet.needs[0]"),
            (11, "blocks.greet.text"),
        ]


async def test_a_file_is_checked_without_being_saved(api: httpx.AsyncClient) -> None:
    good = (await api.post("/workflows/validate", json={"source": SOURCE})).json()
    assert (good["valid"], good["problems"]) == (True, [])
    assert good["graph"]["inputs"] == [{"name": "who", "description": "Whom", "required": True, "default": None}]
    route, greet = good["graph"]["blocks"]
    assert (route["key"], route["branches"], greet["needs"]) == (
        "route",
        ["known", "else"],
        [{"key": "route", "branch": "known"}],
    )
    bad = (await api.post("/workflows/validate", json={"source": "version: 1"})).json()
    assert (bad["valid"], bad["graph"]) == (False, None)
    assert bad["problems"][0]["message"] == "'name' is missing"
    assert (await api.get("/workflows")).json()["items"] == []


async def test_versions_are_saved_published_compared_and_restored(api: httpx.AsyncClient, served: Tenant) -> None:
    at = f"/workflows/{(await created(api))['id']}"
    saved = await api.post(f"{at}/versions", json={"source": OTHER, "expectedVersion": 1})
    assert (saved.status_code, saved.json()["name"], saved.json()["latestVersion"]) == (201, "Hello", 2)
    late = await api.post(f"{at}/versions", json={"source": OTHER, "expectedVersion": 1})
    assert (late.status_code, late.json()["latestVersion"]) == (409, 2)
    published = (await api.post(f"{at}/versions/2/publish")).json()
    assert (published["name"], published["publishedVersion"]) == ("Other", 2)
    diff = (await api.get(f"{at}/diff", params={"old": 1, "new": 2})).json()["diff"]
    assert "+name: Other" in diff
    restored = await api.post(f"{at}/versions/1/restore", json={"publish": True})
    assert (restored.status_code, restored.json()["name"], restored.json()["publishedVersion"]) == (201, "Hello", 3)
    version = (await api.get(f"{at}/versions/3")).json()
    assert (version["source"], version["published"], version["graph"]["name"]) == (SOURCE, True, "Hello")
    assert version["createdBy"]["id"] == served.user_id
    listed = (await api.get(f"{at}/versions")).json()["items"]
    assert (listed[0]["id"], len({item["id"] for item in listed})) == (version["id"], 3)


async def test_versions_come_in_pages(api: httpx.AsyncClient) -> None:
    at = f"/workflows/{(await created(api))['id']}/versions"
    for _ in range(2):
        await api.post(at, json={"source": OTHER})
    first = (await api.get(at, params={"limit": 2})).json()
    assert [(v["number"], v["published"]) for v in first["items"]] == [(3, False), (2, False)]
    rest = (await api.get(at, params={"cursor": first["nextCursor"]})).json()
    assert ([v["number"] for v in rest["items"]], rest["nextCursor"]) == ([1], None)
    assert (await api.get(at, params={"cursor": "x"})).status_code == 422


async def test_the_file_comes_out_with_the_settings_of_now(api: httpx.AsyncClient) -> None:
    made = await created(api)
    at = f"/workflows/{made['id']}"
    settings = {"api": {"enabled": True, "concurrency": "cancel_previous"}}
    changed = (await api.put(f"{at}/triggers", json=settings)).json()
    assert changed == (await api.get(f"{at}/triggers")).json()
    assert changed["api"]["concurrency"] == "cancel_previous"
    exported = await api.get(f"{at}/export")
    assert exported.headers["content-type"].startswith("text/yaml")
    assert exported.headers["content-disposition"] == 'attachment; filename="hello.yaml"'
    assert "# a comment" in exported.text
    again = await created(api, exported.text)
    assert again["triggers"]["api"]["enabled"] is True


async def test_a_workflow_is_copied_put_away_moved_and_deleted(api: httpx.AsyncClient, served: Tenant) -> None:
    made = await created(api)
    copied = await api.post(f"/workflows/{made['id']}/duplicate", json={"name": "Twin"})
    assert (copied.status_code, copied.json()["name"]) == (201, "Twin")
    at = f"/workflows/{copied.json()['id']}"
    changed = (await api.patch(at, json={"archived": True, "projectId": None})).json()
    assert (changed["archivedAt"] is not None, changed["projectId"]) == (True, None)
    listed = (await api.get("/workflows")).json()["items"]
    assert [entry["name"] for entry in listed] == ["Hello"]
    back = (await api.patch(at, json={"archived": False, "projectId": served.project_id})).json()
    assert (back["archivedAt"], back["projectId"]) == (None, served.project_id)
    assert (await api.delete(at)).status_code == 204
    assert (await api.get(at)).status_code == 404


async def test_the_list_is_searched(api: httpx.AsyncClient, served: Tenant) -> None:
    await created(api)
    await created(api, OTHER, projectId=None)
    for query, names in [
        ({"search": "oth"}, ["Other"]),
        ({"project": served.project_id}, ["Hello"]),
        ({"search": "\0"}, []),
        ({"category": "x"}, []),
        ({"limit": 1}, ["Other"]),
    ]:
        answer = await api.get("/workflows", params=query)
        assert [entry["name"] for entry in answer.json()["items"]] == names


async def test_what_has_run_is_not_deleted_by_mistake(api: httpx.AsyncClient, app: FastAPI, served: Tenant) -> None:
    made = await created(api)
    await app.state.database.write(lambda conn: start(conn, served, made["id"], {"who": "x"}))
    refused = await api.delete(f"/workflows/{made['id']}")
    assert (refused.status_code, "not finished" in refused.json()["detail"]) == (409, True)
    shown = (await api.get(f"/workflows/{made['id']}")).json()
    assert (shown["runs"]["count"], shown["runs"]["lastStatus"]) == (1, "pending")


async def test_another_organization_sees_nothing(api: httpx.AsyncClient, app: FastAPI) -> None:
    made = await created(api)
    stranger = await app.state.database.write(lambda conn: add_tenant(conn, name="Other"))
    answer = await api.get(f"/workflows/{made['id']}", headers={"x-api-key": stranger.secret})
    assert (answer.status_code, answer.json()["detail"]) == (404, "Workflow not found")


@pytest.mark.parametrize("source", ["\ud800", "a: \u0000", "x" * 1_100_000, "[" * 5000, ""])
async def test_no_text_upsets_the_server(api: httpx.AsyncClient, source: str) -> None:
    body = json.dumps({"source": source})
    answer = await api.post("/workflows", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422


async def test_block_types_tell_an_editor_what_it_needs(api: httpx.AsyncClient) -> None:
    types = {entry["type"]: entry for entry in (await api.get("/block-types")).json()}
    assert {"agent", "http", "condition", "review", "wait", "template", "output"} <= types.keys()
    assert types["condition"]["hasBranches"] is True
    assert types["condition"]["texts"] == {"branches": "condition"}
    assert types["http"]["texts"]["json"] == "template"
    assert types["http"]["jsonSchema"]["required"] == ["url"]


async def test_templates_can_be_saved_as_they_are(api: httpx.AsyncClient) -> None:
    templates = (await api.get("/templates")).json()
    assert templates
    for template in templates:
        assert (await created(api, template["source"]))["name"] == template["name"]

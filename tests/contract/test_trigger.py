"""POST /api/workflows/{id}/trigger: every row of the API page's tables, and the order of the checks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from runwright.accounts.models import memberships, organizations, projects
from runwright.executions.models import executions
from runwright.kit.ids import is_uuid, new_key_id, new_uuid
from runwright.kit.json import dumps
from runwright.workflows.models import workflows
from tests import support
from tests.contract.conftest import HELLO, SLOW, Server

pytestmark = pytest.mark.anyio

GOOD = {"who": "you"}


def refused(response, status: int, message: str, **details) -> bool:
    assert response.status_code == status, response.text
    body = response.json()
    expected = {"success": False, "error": message} | ({"details": details} if details else {})
    assert body == expected
    assert response.headers["content-type"] == "application/json"
    return True


async def count(server: Server) -> int:
    return await server.database.read(lambda conn: conn.scalar(sa.select(sa.func.count()).select_from(executions)))


async def test_success_is_200_with_a_lower_case_uuid(server: Server) -> None:
    response = await server.trigger(await server.publish(), GOOD)
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"success", "executionId"}
    assert body["success"] is True
    assert is_uuid(body["executionId"])
    assert body["executionId"] == body["executionId"].lower()
    assert body["executionId"][14] == "7"
    shown = await server.finished(body["executionId"])
    assert shown["state"]["blocks"]["release-summary"]["output"] == "Hello you!"


# Authentication


async def test_missing_key(front: Server) -> None:
    workflow = await front.publish()
    assert refused(await front.http.post(f"/api/workflows/{workflow}/trigger"), 401, "Missing API key")
    assert refused(await front.trigger(workflow, GOOD, headers={"x-api-key": ""}), 401, "Missing API key")


@pytest.mark.parametrize("key", ["nonsense", "rw_" + "a" * 43, "é" * 10, "x" * 100_000])
async def test_invalid_key(front: Server, key: str) -> None:
    response = await front.trigger(await front.publish(), GOOD, headers={"x-api-key": key.encode()})
    assert refused(response, 401, "Invalid API key")


async def test_key_without_organization(front: Server) -> None:
    def add(conn: sa.Connection) -> None:
        user = front.tenant.user_id
        support.add_key(conn, key_id=new_key_id(), org_id=None, user_id=user, secret="rw_orphan")

    await front.database.write(add)
    response = await front.trigger("not-even-a-uuid", headers={"x-api-key": "rw_orphan"})
    assert refused(response, 403, "API key is not associated with an organization")


async def test_user_who_left_the_organization(front: Server) -> None:
    workflow = await front.publish()
    await front.database.write(lambda conn: conn.execute(memberships.delete()) and None)
    assert refused(await front.trigger(workflow, GOOD), 403, "Unauthorized")


async def test_other_organization(front: Server) -> None:
    other = await front.database.write(lambda conn: support.add_tenant(conn, name="Other"))
    workflow = await front.publish(tenant=other)
    response = await front.trigger(workflow, GOOD)
    assert refused(response, 403, "API key does not have access to this organization")


# Resources


@pytest.mark.parametrize("workflow", ["nonsense", "123", "0190a4c2-0000-7000-8000-00000000000g", "%20", "a" * 5000])
async def test_invalid_template_id(front: Server, workflow: str) -> None:
    assert refused(await front.trigger(workflow, GOOD), 400, "Invalid template ID")


NOT_FOUND = "Workflow template not found or API access not enabled"


async def test_unknown_template(front: Server) -> None:
    assert refused(await front.trigger(new_uuid(), GOOD), 404, NOT_FOUND)


async def test_api_access_off(front: Server) -> None:
    workflow = await front.publish(api_enabled=False)
    assert refused(await front.trigger(workflow, GOOD), 404, NOT_FOUND)


async def test_an_upper_case_id_is_the_same_id(front: Server) -> None:
    workflow = await front.publish()
    assert (await front.trigger(workflow.upper(), GOOD)).status_code == 200


async def test_template_without_project(front: Server) -> None:
    workflow = await front.publish()
    await front.database.write(lambda conn: conn.execute(workflows.update().values(project_id=None)) and None)
    assert refused(await front.trigger(workflow, GOOD), 400, "Workflow template must belong to a project")


async def test_project_that_was_deleted(front: Server) -> None:
    workflow = await front.publish()
    await front.database.write(lambda conn: conn.execute(projects.delete()) and None)
    assert refused(await front.trigger(workflow, GOOD), 404, "Project not found")


async def test_usage_limit(front: Server) -> None:
    workflow = await front.publish()
    limit = organizations.update().values(credit_limit_micros=0)
    await front.database.write(lambda conn: conn.execute(limit) and None)
    assert refused(await front.trigger(workflow, GOOD), 403, "Usage limit reached")
    assert await count(front) == 0


# Payload


async def post(server: Server, workflow: str, body: bytes):
    return await server.http.post(f"/api/workflows/{workflow}/trigger", content=body, headers=server.headers)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"not json",
        b'{"who": "a",}',
        b'{"who": "a", "who": "b"}',
        b'{"who": "\\ud800"}',
        b'{"\\ud800": "a"}',
        b'{"who": "\\u0000"}',
        b'{"who": NaN}',
        b'{"who": "\xff"}',
        b"\xff\xfe{\x00}\x00",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"who": ' + b"9" * 10_000 + b"}",
        b" ",
        b'{"who": "a"} trailing',
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_invalid_json(front: Server, body: bytes) -> None:
    assert refused(await post(front, await front.publish(), body), 400, "Invalid JSON payload")
    assert await count(front) == 0


NOT_STRINGS = "Invalid payload: expected object with string values"


@pytest.mark.parametrize("value", [1, 1.5, True, None, [], ["a"], {}, {"a": "b"}])
async def test_values_that_are_no_strings(front: Server, value: object) -> None:
    response = await front.trigger(await front.publish(), {"who": "a", "greeting": value})
    assert refused(response, 500, NOT_STRINGS, fields=["greeting"])


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"1", b'[{"who": "a"}]'])
async def test_a_body_that_is_no_object(front: Server, body: bytes) -> None:
    assert refused(await post(front, await front.publish(), body), 500, NOT_STRINGS)


async def test_unexpected_fields(front: Server) -> None:
    response = await front.trigger(await front.publish(), {**GOOD, "foo": "1", "bar": "2"})
    assert refused(response, 500, "Unexpected fields in payload", fields=["foo", "bar"])


async def test_missing_required_fields(front: Server) -> None:
    response = await front.trigger(await front.publish(), {"greeting": "Hi"})
    assert refused(response, 400, "Missing required fields in payload", fields=["who"])


async def test_an_empty_body_counts_as_an_empty_object(server: Server) -> None:
    workflow = await server.publish(HELLO.replace("{required: true}", "{default: all}"))
    response = await post(server, workflow, b"")
    assert response.status_code == 200
    shown = await server.finished(response.json()["executionId"])
    assert shown["triggerPayload"] == {}
    assert shown["state"]["blocks"]["say"]["output"] == "Hello all"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "nonsense"])
async def test_the_content_type_does_not_matter(front: Server, kind: str) -> None:
    workflow = await front.publish()
    headers = {**front.headers, "content-type": kind}
    response = await front.http.post(f"/api/workflows/{workflow}/trigger", content=dumps(GOOD), headers=headers)
    assert response.status_code == 200


async def test_ten_megabytes_pass_and_one_byte_more_does_not(front: Server) -> None:
    workflow, limit = await front.publish(), 10 * 1024 * 1024
    largest = b'{"who": "' + b"x" * (limit - 11) + b'"}'
    assert len(largest) == limit
    assert (await post(front, workflow, largest)).status_code == 200
    assert refused(await post(front, workflow, largest + b" "), 413, "Payload too large")


async def test_an_endless_body_is_cut_off_without_being_held(front: Server) -> None:
    workflow, sent = await front.publish(), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(10_000):
            sent += 64 * 1024
            yield b" " * 64 * 1024

    response = await front.http.post(f"/api/workflows/{workflow}/trigger", content=endless(), headers=front.headers)
    assert refused(response, 413, "Payload too large")


# Order


async def test_nothing_of_the_body_is_read_before_the_key_is_good(front: Server) -> None:
    workflow, read = await front.publish(), False

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read = True
        yield b"{"

    app = front.app
    messages: list[dict] = []

    async def receive() -> dict:
        nonlocal read
        read = True
        return {"type": "http.request", "body": b"{", "more_body": False}

    async def send(message) -> None:
        messages.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": f"/api/workflows/{workflow}/trigger",
        "raw_path": b"",
        "query_string": b"",
        "headers": [(b"x-api-key", b"wrong"), (b"host", b"x")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
        "scheme": "http",
    }
    await app(scope, receive, send)
    assert messages[0]["status"] == 401
    assert not read


async def test_the_order_of_the_checks(front: Server) -> None:
    """Each call has every fault that comes later in the list too; the first one is answered."""
    workflow = await front.publish()
    other = await front.database.write(lambda conn: support.add_tenant(conn, name="Other"))
    alien = await front.publish(tenant=other)
    off = await front.publish(tenant=other, api_enabled=False)
    garbage = b"\xff"
    await front.database.write(lambda conn: conn.execute(memberships.delete()) and None)

    async def change(**values: object) -> None:
        await front.database.write(
            lambda conn: conn.execute(workflows.update().where(workflows.c.id == alien).values(**values)) and None
        )

    assert refused(await post(front, off, garbage), 404, NOT_FOUND)
    await change(project_id=None)
    assert refused(await post(front, alien, garbage), 400, "Workflow template must belong to a project")
    await change(project_id=new_uuid())
    assert refused(await post(front, alien, garbage), 404, "Project not found")
    await change(project_id=other.project_id)
    assert refused(await post(front, alien, garbage), 403, "API key does not have access to this organization")
    assert refused(await post(front, workflow, garbage), 403, "Unauthorized")
    member = {"org_id": front.tenant.org_id, "user_id": front.tenant.user_id, "role": "member", "created_at": 1}
    await front.database.write(lambda conn: conn.execute(memberships.insert(), member) and None)
    limit = organizations.update().values(credit_limit_micros=0)
    await front.database.write(lambda conn: conn.execute(limit) and None)
    assert refused(await post(front, workflow, garbage), 400, "Invalid JSON payload")
    assert refused(await post(front, workflow, b'{"foo": 1}'), 500, NOT_STRINGS, fields=["foo"])
    assert refused(await post(front, workflow, b'{"foo": "1"}'), 500, "Unexpected fields in payload", fields=["foo"])
    assert refused(await post(front, workflow, b"{}"), 400, "Missing required fields in payload", fields=["who"])
    assert refused(await post(front, workflow, b'{"who": "1"}'), 403, "Usage limit reached")


# Concurrency


async def test_cancel_previous_leaves_the_newest_alone_alive(server: Server) -> None:
    workflow = await server.publish(SLOW, concurrency="cancel_previous")
    first = (await server.trigger(workflow)).json()["executionId"]
    await support.until(server.database, first, support.Status.RUNNING)
    answers = await asyncio.gather(*(server.trigger(workflow, {"n": str(n)}) for n in range(20)))
    ids = [answer.json()["executionId"] for answer in answers]
    shown = [(await server.status(execution_id)).json() for execution_id in [first, *ids]]
    alive = [one["id"] for one in shown if one["status"] in ("pending", "running")]
    assert alive == [max(ids)]
    for one in shown:
        if one["id"] in alive:
            continue
        assert one["status"] == "cancelled"
        assert one["cancelRequestedAt"]
        assert one["cancelReason"].startswith("Superseded by execution ")
        assert {block["status"] for block in one["state"]["blocks"].values()} == {"cancelled"}


async def test_parallel_leaves_the_earlier_alone(front: Server) -> None:
    workflow = await front.publish(SLOW)
    ids = [(await front.trigger(workflow)).json()["executionId"] for _ in range(3)]
    for execution_id in ids:
        assert (await front.status(execution_id)).json()["status"] in ("pending", "running")


async def test_cancel_previous_leaves_reviews_and_manual_runs_alone(server: Server) -> None:
    source = """
        version: 1
        name: Reviewed
        blocks: {draft: {type: template, text: draft, review: true}}
    """
    workflow = await server.publish(source, concurrency="cancel_previous")
    waiting = (await server.trigger(workflow)).json()["executionId"]
    await support.until(server.database, waiting, support.Status.REVIEW_PENDING)
    await server.trigger(workflow)
    assert (await server.status(waiting)).json()["status"] == "review_pending"


# Idempotency


async def test_the_same_idempotency_key_and_body_start_one_execution(front: Server) -> None:
    workflow = await front.publish()
    key = {"Idempotency-Key": "build-42"}
    answers = await asyncio.gather(*(front.trigger(workflow, GOOD, headers=key) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["executionId"] for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert all(answer.headers.get("idempotent-replayed", "true") == "true" for answer in answers)
    assert await count(front) == 1


async def test_the_same_key_with_another_body_is_a_conflict(front: Server) -> None:
    workflow = await front.publish()
    key = {"Idempotency-Key": "build-42"}
    await front.trigger(workflow, GOOD, headers=key)
    response = await front.trigger(workflow, {"who": "else"}, headers=key)
    assert refused(response, 409, "Idempotency-Key was already used with another payload")


async def test_an_idempotency_key_belongs_to_its_workflow(front: Server) -> None:
    key = {"Idempotency-Key": "build-42"}
    first = await front.trigger(await front.publish(), GOOD, headers=key)
    second = await front.trigger(await front.publish(), GOOD, headers=key)
    assert first.json()["executionId"] != second.json()["executionId"]


async def test_an_idempotency_key_of_yesterday_is_forgotten(front: Server) -> None:
    from runwright.executions.models import idempotency_keys

    workflow = await front.publish()
    key = {"Idempotency-Key": "build-42"}
    first = await front.trigger(workflow, GOOD, headers=key)
    await front.database.write(lambda conn: conn.execute(idempotency_keys.update().values(created_at=1)) and None)
    second = await front.trigger(workflow, {"who": "else"}, headers=key)
    assert second.status_code == 200
    assert first.json()["executionId"] != second.json()["executionId"]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256])
async def test_an_idempotency_key_that_is_none(front: Server, key: str) -> None:
    response = await front.trigger(await front.publish(), GOOD, headers={"Idempotency-Key": key})
    assert refused(response, 400, "Invalid Idempotency-Key")


# Unknown routes


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/api/nothing", 404, "Not Found"),
        ("GET", "/api/workflows/x/trigger", 405, "Method Not Allowed"),
        ("DELETE", "/api/executions/x", 405, "Method Not Allowed"),
        ("POST", "/api/workflows/x/trigger/", 404, "Not Found"),
    ],
)
async def test_unknown_routes_use_the_envelope(
    front: Server, method: str, path: str, status: int, message: str
) -> None:
    assert refused(await front.http.request(method, path, headers=front.headers), status, message)


async def test_the_metadata_says_who_called(server: Server) -> None:
    response = await server.trigger(await server.publish(), GOOD, headers={"user-agent": "ci/1.0"})
    shown = await server.finished(response.json()["executionId"])
    assert shown["triggerMetadata"] == {
        "ip": "127.0.0.1",
        "userAgent": "ci/1.0",
        "apiKeyId": server.tenant.key_id,
    }
    assert shown["triggerType"] == "api"
    assert shown["triggerPayload"] == GOOD
    assert json.loads(json.dumps(shown)) == shown

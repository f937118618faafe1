"""GET /api/executions/{id}: the object field by field, errors, long poll and ETag."""

from __future__ import annotations

import asyncio
import re

import pytest

from runwright.accounts.models import memberships
from runwright.executions import repository, service
from runwright.executions.signals import Signal
from runwright.kit.clock import now_ms
from runwright.kit.ids import new_uuid
from tests import support
from tests.contract.conftest import SLOW, Server
from tests.contract.test_trigger import GOOD, refused

pytestmark = pytest.mark.anyio

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
FIELDS = [
    "id", "status", "workflowName", "blockCount", "completedBlocks", "createdAt", "updatedAt", "startedAt",
    "finishedAt", "cancelRequestedAt", "cancelReason", "error", "triggerType", "triggerPayload", "triggerMetadata",
    "state",
]  # fmt: skip
STATE_FIELDS = ["workflowId", "executionId", "status", "blocks", "createdAt", "updatedAt"]
BLOCK_FIELDS = ["status", "startTime", "endTime", "inputs", "output", "error", "reason"]


async def started(server: Server, source: str = SLOW) -> str:
    execution_id = (await server.trigger(await server.publish(source))).json()["executionId"]
    await support.until_parked(server.database, execution_id)
    return execution_id


async def test_the_object_field_by_field(server: Server) -> None:
    workflow = await server.publish()
    execution_id = (await server.trigger(workflow, GOOD)).json()["executionId"]
    await server.finished(execution_id)
    response = await server.status(execution_id)
    assert response.status_code == 200
    body = response.json()
    assert list(body) == FIELDS
    assert list(body["state"]) == STATE_FIELDS
    assert body["id"] == body["state"]["executionId"] == execution_id
    assert body["state"]["workflowId"] == workflow
    assert body["status"] == body["state"]["status"] == "completed"
    assert body["workflowName"] == "Hello"
    assert body["blockCount"] == body["completedBlocks"] == 2
    for name in ("createdAt", "updatedAt", "startedAt", "finishedAt"):
        assert TIME.fullmatch(body[name]), name
    assert body["cancelRequestedAt"] is body["cancelReason"] is body["error"] is None
    assert list(body["state"]["blocks"]) == ["say", "release-summary"]
    block = body["state"]["blocks"]["release-summary"]
    assert list(block) == BLOCK_FIELDS
    assert block["inputs"] == {"say": "Hello you"}
    assert block["output"] == "Hello you!"
    assert TIME.fullmatch(block["startTime"])
    assert TIME.fullmatch(block["endTime"])
    assert block["error"] is block["reason"] is None


async def test_blocks_that_were_not_reached_are_shown_as_pending(server: Server) -> None:
    body = (await server.status(await started(server))).json()
    assert body["status"] == "running"
    assert body["finishedAt"] is None
    assert body["completedBlocks"] == 0
    assert list(body["state"]["blocks"]) == ["pause", "after"]
    assert body["state"]["blocks"]["pause"]["status"] == "running"
    assert body["state"]["blocks"]["after"] == {
        "status": "pending", "startTime": None, "endTime": None, "inputs": {}, "output": None, "error": None,
        "reason": None,
    }  # fmt: skip


async def test_key_errors(front: Server) -> None:
    path = f"/api/executions/{new_uuid()}"
    assert refused(await front.http.get(path), 401, "Missing API key")
    assert refused(await front.http.get(path, headers={"x-api-key": "no"}), 401, "Invalid API key")


@pytest.mark.parametrize("execution_id", ["nonsense", "a" * 4000, "01909090-0000-7000-8000-000000000000"])
async def test_execution_not_found(front: Server, execution_id: str) -> None:
    assert refused(await front.status(execution_id), 404, "Execution not found")


async def test_an_execution_of_another_organization(server: Server) -> None:
    execution_id = await started(server)
    other = await server.database.write(lambda conn: support.add_tenant(conn, name="Other"))
    response = await server.status(execution_id, headers={"x-api-key": other.secret})
    assert refused(response, 403, "API key does not have access to this organization")


async def test_a_user_who_left(server: Server) -> None:
    execution_id = await started(server)
    await server.database.write(lambda conn: conn.execute(memberships.delete()) and None)
    assert refused(await server.status(execution_id), 403, "Unauthorized")


async def test_etag_and_if_none_match(server: Server) -> None:
    execution_id = await started(server)
    tag = (await server.status(execution_id)).headers["etag"]
    again = await server.status(execution_id, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == tag
    assert (await server.status(execution_id, headers={"If-None-Match": f"W/{tag}"})).status_code == 304
    assert (await server.status(execution_id, headers={"If-None-Match": '"other"'})).status_code == 200


async def cancel(server: Server, execution_id: str) -> None:
    def unit(conn) -> None:
        row = repository.find(conn, execution_id)
        assert row is not None
        service.cancel(conn, row, reason="because", now=now_ms())

    await server.database.write(unit)
    server.app.state.signals.send(Signal.CANCELLED, [execution_id])


async def test_wait_answers_when_something_changes(server: Server) -> None:
    execution_id = await started(server)
    tag = (await server.status(execution_id)).headers["etag"]
    waiting = asyncio.create_task(server.status(execution_id, params={"wait": "60"}))
    tagged = asyncio.create_task(server.status(execution_id, params={"wait": "60"}, headers={"If-None-Match": tag}))
    done, _ = await asyncio.wait({waiting, tagged}, timeout=0.3)
    assert not done
    await cancel(server, execution_id)
    for task in (waiting, tagged):
        response = await asyncio.wait_for(task, 10)
        assert response.json()["status"] == "cancelled"
        assert response.headers["etag"] != tag


async def test_wait_answers_at_once_for_what_is_settled_or_known_to_be_newer(server: Server) -> None:
    execution_id = await started(server)
    stale = await server.status(execution_id, params={"wait": "60"}, headers={"If-None-Match": '"0"'})
    assert stale.status_code == 200
    await cancel(server, execution_id)
    settled = await server.status(execution_id, params={"wait": "60"})
    assert settled.json()["status"] == "cancelled"


async def test_a_wait_that_ends_without_news_says_so(server: Server) -> None:
    execution_id = await started(server)
    tag = (await server.status(execution_id)).headers["etag"]
    response = await server.status(execution_id, params={"wait": "0.2"}, headers={"If-None-Match": tag})
    assert response.status_code == 304
    assert (await server.status(execution_id, params={"wait": "0.2"})).json()["status"] == "running"


@pytest.mark.parametrize("wait", ["x", "-1", "nan", "inf", ""])
async def test_a_wait_that_is_no_time(server: Server, wait: str) -> None:
    response = await server.status(await started(server), params={"wait": wait})
    assert refused(response, 400, "Invalid wait: expected seconds from 0 to 60")


async def test_a_cancelled_execution_shows_when_and_why(server: Server) -> None:
    execution_id = await started(server)
    await cancel(server, execution_id)
    body = (await server.status(execution_id)).json()
    assert body["cancelReason"] == "because"
    assert TIME.fullmatch(body["cancelRequestedAt"])
    assert {block["status"] for block in body["state"]["blocks"].values()} == {"cancelled"}
    assert body["state"]["blocks"]["pause"]["reason"] == "because"

"""Executions and reviews over ``/api/v1``: start by hand, list, cancel, run again, watch, decide."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from runwright.executions.status import Status
from tests import support
from tests.contract.conftest import SLOW, Server

pytestmark = pytest.mark.anyio

REVIEWED = """
    version: 1
    name: Reviewed
    blocks: {draft: {type: template, text: the draft, review: {message: Good?}}}
"""


async def call(server: Server, method: str, path: str, body: Any = None) -> httpx.Response:
    return await server.http.request(method, f"/api/v1{path}", json=body, headers=server.headers)


async def test_start_list_and_run_again(server: Server) -> None:
    workflow = await server.publish()
    started = await call(
        server, "POST", f"/workflows/{workflow}/executions", {"inputs": {"who": "you"}, "preview": True}
    )
    assert started.status_code == 201
    first = started.json()["executionId"]
    await server.finished(first)
    again = (await call(server, "POST", f"/executions/{first}/rerun")).json()["executionId"]
    await server.finished(again)
    listed = (await call(server, "GET", "/executions?status=completed")).json()["items"]
    assert [item["id"] for item in listed] == [again, first]
    assert {item["triggerType"] for item in listed} == {"manual"}
    assert all(item["preview"] for item in listed)
    shown = (await call(server, "GET", f"/executions/{again}")).json()
    assert shown["blocks"][-1]["output"] == "Hello you!"


async def test_variables_that_are_not_the_workflows_are_refused(server: Server) -> None:
    workflow = await server.publish()
    for inputs, field in (({"who": "a", "foo": "1"}, "foo"), ({}, "who")):
        refused = await call(server, "POST", f"/workflows/{workflow}/executions", {"inputs": inputs})
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["fields"] == [field]


async def test_cancel(server: Server) -> None:
    execution = (await server.trigger(await server.publish(SLOW))).json()["executionId"]
    await support.until_parked(server.database, execution)
    cancelled = (await call(server, "POST", f"/executions/{execution}/cancel", {"reason": "enough"})).json()
    assert (cancelled["status"], cancelled["cancelReason"]) == ("cancelled", "enough")
    again = await call(server, "POST", f"/executions/{execution}/cancel")
    assert again.json()["cancelReason"] == "enough"
    events = (await call(server, "GET", f"/executions/{execution}/events")).text
    assert events.startswith("event: execution\n")
    assert json.loads(events.split("data: ", 1)[1].split("\n")[0])["status"] == "cancelled"


async def test_a_review_is_listed_and_decided_once(server: Server) -> None:
    execution = (await server.trigger(await server.publish(REVIEWED))).json()["executionId"]
    await support.until(server.database, execution, Status.REVIEW_PENDING)
    (review,) = (await call(server, "GET", "/reviews")).json()["items"]
    assert (review["proposedOutput"], review["message"]) == ("the draft", "Good?")
    assert (await call(server, "GET", f"/reviews/{review['id']}")).json()["decision"] is None
    path = f"/reviews/{review['id']}/decision"
    decided = await call(server, "POST", path, {"decision": "approve", "editedOutput": "better"})
    assert decided.json()["decidedByName"] == "User of Acme"
    assert (await server.finished(execution))["state"]["blocks"]["draft"]["output"] == "better"
    second = await call(server, "POST", path, {"decision": "reject"})
    assert second.status_code == 409
    assert "User of Acme" in second.json()["detail"]
    assert (await call(server, "GET", "/reviews")).json()["items"] == []

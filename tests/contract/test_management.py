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


CALLED_BACK = """
    version: 1
    name: Called back
    blocks:
      ask: {type: template, text: "{{ blocks.answer.callback }}"}
      answer: {type: wait, needs: [ask], callback: true}
"""


async def test_a_callback_is_taken_once_at_its_signed_address_and_a_get_does_nothing(server: Server) -> None:
    execution = (await server.trigger(await server.publish(CALLED_BACK))).json()["executionId"]
    await support.until_parked(server.database, execution)
    shown = (await call(server, "GET", f"/executions/{execution}")).json()
    sent = shown["blocks"][0]["output"]
    told = await call(server, "GET", f"/executions/{execution}/blocks/answer/callback")
    assert told.json() == {"address": sent}
    assert (await call(server, "GET", f"/executions/{execution}/blocks/ask/callback")).status_code == 404
    path = httpx.URL(sent).path
    assert (await server.http.get(path)).status_code == 405
    assert (await server.http.post(path[:-1] + "x", content="forged")).status_code == 404
    assert (await server.http.post(path, content="x" * 1_100_000)).status_code == 413
    assert (await server.http.post(path, content="the answer")).status_code == 204
    finished = await server.finished(execution)
    assert finished["state"]["blocks"]["answer"]["output"] == "the answer"
    assert (await server.http.post(path, content="again")).status_code == 409


MAPPED = """
    version: 1
    name: Mapped
    blocks:
      each:
        type: map
        over: [4, 0, 2]
        on_item_error: skip
        block: {type: code, language: python, inputs: {n: "{{ item }}"}, code: "8 // int(n)"}
"""


async def test_the_items_of_a_map_are_listed_page_by_page(server: Server) -> None:
    execution = (await server.trigger(await server.publish(MAPPED))).json()["executionId"]
    await server.finished(execution)
    shown = (await call(server, "GET", f"/executions/{execution}")).json()
    assert shown["blocks"][0]["items"] == {"completed": 2, "failed": 1, "running": 0}
    path = f"/executions/{execution}/blocks/each/items"
    first = (await call(server, "GET", f"{path}?limit=2")).json()
    assert [(item["item"], item["status"], item["output"]) for item in first["items"]] == [
        (0, "completed", "2"),
        (1, "failed", None),
    ]
    rest = (await call(server, "GET", f"{path}?limit=2&cursor={first['nextCursor']}")).json()
    assert [item["item"] for item in rest["items"]] == [2]
    failed = (await call(server, "GET", f"{path}?status=failed")).json()["items"]
    assert [item["item"] for item in failed] == [1]


async def test_called_executions_are_listed_with_their_caller(server: Server) -> None:
    child = await server.publish()
    parent = f"version: 1\nname: P\nblocks:\n  call: {{type: workflow, id: {child}, inputs: {{who: Ann}}}}\n"
    execution = (await server.trigger(await server.publish(parent))).json()["executionId"]
    await server.finished(execution)
    shown = (await call(server, "GET", f"/executions/{execution}")).json()
    (called,) = shown["called"]
    assert (called["blockKey"], called["status"]) == ("call", "completed")
    assert [item["id"] for item in (await call(server, "GET", "/executions")).json()["items"]] == [execution]
    below = (await call(server, "GET", f"/executions?parent={execution}")).json()["items"]
    assert [(item["id"], item["parentId"]) for item in below] == [(called["executionId"], execution)]


async def test_an_estimate_comes_from_the_last_runs(server: Server) -> None:
    workflow = await server.publish()
    nothing = (await call(server, "GET", f"/workflows/{workflow}/estimate")).json()
    assert (nothing["runs"], nothing["typicalCost"]) == (0, None)
    for _ in range(2):
        await server.finished((await server.trigger(workflow, {"who": "you"})).json()["executionId"])
    known = (await call(server, "GET", f"/workflows/{workflow}/estimate")).json()
    assert known["runs"] == 2
    assert known["typicalSeconds"] >= 0
    assert float(known["typicalCost"]) == 0

"""Running one block by itself over ``/api/v1``, on what the blocks before it made last."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.contract.conftest import Server

pytestmark = pytest.mark.anyio

CHAIN = """
    version: 1
    name: Chain
    if: "who != 'nobody'"
    inputs:
      who: {required: true}
      greeting: {default: Hello}
    blocks:
      size: {type: condition, branches: {long: "who == 'everybody'", short: true}}
      draft: {type: template, needs: [size.short], text: "{{ greeting }} {{ who }}"}
      praise: {type: template, needs: [size.long], text: "All of you!"}
      polish: {type: template, needs: [draft], text: "{{ blocks.draft.output | upper }} ({{ greeting }})"}
      send: {type: output, needs: [polish, praise], value: "{{ blocks.polish.output }}"}
"""


async def call(server: Server, method: str, path: str, body: Any = None) -> httpx.Response:
    return await server.http.request(method, f"/api/v1{path}", json=body, headers=server.headers)


async def run_alone(server: Server, workflow: str, key: str, **body: Any) -> dict[str, Any]:
    started = await call(server, "POST", f"/workflows/{workflow}/blocks/{key}/run", body)
    assert started.status_code == 201, started.text
    return await shown(server, started.json()["executionId"])


async def shown(server: Server, execution_id: str) -> dict[str, Any]:
    await server.finished(execution_id)
    answer: dict[str, Any] = (await call(server, "GET", f"/executions/{execution_id}")).json()
    return {**answer, "blocks": {block["key"]: block for block in answer["blocks"]}}


async def test_only_the_block_runs_on_the_outputs_it_is_given(server: Server) -> None:
    workflow = await server.publish(CHAIN)
    run = await run_alone(server, workflow, "polish", outputs={"draft": "by hand"}, inputs={"greeting": "Hi"})
    assert (run["status"], run["preview"], run["triggerType"]) == ("completed", True, "manual")
    assert run["triggerMetadata"]["onlyBlock"] == "polish"
    assert run["blocks"]["polish"]["output"] == "BY HAND (Hi)"
    assert run["blocks"]["polish"]["inputs"] == {"greeting": "Hi", "draft": "by hand"}
    draft = run["blocks"]["draft"]
    assert (draft["status"], draft["output"], draft["startedAt"]) == ("completed", "by hand", None)
    assert "given its output" in draft["reason"]
    others = [run["blocks"][key] for key in ("size", "praise", "send")]
    assert {block["status"] for block in others} == {"skipped"}
    assert all('only block "polish"' in block["reason"] for block in others)


async def test_the_branch_that_leads_to_it_counts_as_taken(server: Server) -> None:
    workflow = await server.publish(CHAIN)
    run = await run_alone(server, workflow, "praise")
    assert run["blocks"]["praise"]["output"] == "All of you!"
    assert run["blocks"]["size"]["branch"] == "long"


async def test_an_output_that_is_not_given_is_empty_and_needs_no_variable(server: Server) -> None:
    workflow = await server.publish(CHAIN)
    run = await run_alone(server, workflow, "polish")
    assert run["blocks"]["polish"]["output"] == " (Hello)"
    assert "without its output" in run["blocks"]["draft"]["reason"]


async def test_last_data_are_of_blocks_that_really_ran(server: Server) -> None:
    workflow = await server.publish(CHAIN)
    empty = (await call(server, "GET", f"/workflows/{workflow}/last-data")).json()
    assert empty == {"inputs": {}, "outputs": []}
    first = (await server.trigger(workflow, {"who": "everybody"})).json()["executionId"]
    await server.finished(first)
    second = (await server.trigger(workflow, {"who": "Ada"})).json()["executionId"]
    await server.finished(second)
    alone = await run_alone(server, workflow, "polish", inputs={"who": "Ada"}, outputs={"draft": "made up"})
    data = (await call(server, "GET", f"/workflows/{workflow}/last-data")).json()
    assert data["inputs"] == {"who": "Ada"}
    found = {one["key"]: (one["output"], one["executionId"]) for one in data["outputs"]}
    assert found["praise"] == ("All of you!", first)
    assert found["draft"] == ("Hello Ada", second)
    assert found["polish"] == ("MADE UP (Hello)", alone["id"])


async def test_running_it_again_runs_the_one_block_again(server: Server) -> None:
    workflow = await server.publish(CHAIN)
    first = await run_alone(server, workflow, "polish", outputs={"draft": "again"})
    answer = await call(server, "POST", f"/executions/{first['id']}/rerun")
    second = await shown(server, answer.json()["executionId"])
    assert second["blocks"]["polish"]["output"] == "AGAIN (Hello)"
    assert second["blocks"]["send"]["status"] == "skipped"


async def test_what_does_not_fit_is_refused(server: Server) -> None:
    workflow = await server.publish(CHAIN)
    path = f"/workflows/{workflow}/blocks"
    assert (await call(server, "POST", f"{path}/nothing/run", {})).status_code == 404
    later = await call(server, "POST", f"{path}/draft/run", {"outputs": {"send": "x"}})
    assert (later.status_code, "send" in later.json()["detail"]) == (422, True)
    unknown = await call(server, "POST", f"{path}/draft/run", {"inputs": {"foo": "1"}})
    assert unknown.json()["fields"] == ["foo"]
    assert (await call(server, "GET", "/workflows/0198a000-0000-7000-8000-000000000000/last-data")).status_code == 404
    assert (await call(server, "GET", "/executions")).json()["items"] == []

"""Clients written for the hosted product: they change their base URL and nothing else."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.contract.conftest import Server

pytestmark = pytest.mark.anyio


async def test_the_way_of_the_published_github_action(server: Server) -> None:
    """It triggers, polls ``status`` until it is final, then reads ``state.blocks[KEY].output`` as text."""
    workflow = await server.publish()
    response = await server.http.post(
        f"/api/workflows/{workflow}/trigger",
        headers={"x-api-key": server.tenant.secret, "content-type": "application/json"},
        content='{"who":"world"}',
    )
    answer = response.json()
    assert answer["success"]
    status = ""
    while status not in ("completed", "failed", "cancelled", "skipped"):
        await asyncio.sleep(0.05)
        body = (await server.http.get(f"/api/executions/{answer['executionId']}", headers=server.headers)).json()
        status = body["status"]
    assert status == "completed"
    assert body["state"]["blocks"]["release-summary"]["output"] == "Hello world!"


async def test_the_document_describes_both_calls_with_their_answers(front: Server) -> None:
    document = (await front.http.get("/api/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    trigger = document["paths"]["/api/workflows/{templateId}/trigger"]["post"]
    assert set(trigger["responses"]) == {"200", "400", "401", "403", "404", "409", "413", "500", "503"}
    status = document["paths"]["/api/executions/{executionId}"]["get"]
    assert set(status["responses"]) == {"200", "304", "400", "401", "403", "404", "503"}


async def test_triggers_are_counted_by_outcome(front: Server) -> None:
    workflow = await front.publish()
    await front.trigger(workflow, {"who": "a"})
    await front.trigger(workflow, {"who": 1})
    await front.http.post(f"/api/workflows/{workflow}/trigger")
    text = (await front.http.get("/metrics")).text
    counted = {
        sample.labels["outcome"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "runwright_triggers_total"
    }
    assert counted["accepted"] == 1
    assert counted["Missing API key"] == 1
    assert counted["Invalid payload: expected object with string values"] == 1

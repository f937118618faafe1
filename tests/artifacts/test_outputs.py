"""Outputs of blocks that become files: with the completion, once, and after a review as it was approved."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from runwright.artifacts.models import blobs
from runwright.artifacts.repository import Blob, usage
from runwright.db.database import Database
from runwright.executions.signals import Signal
from runwright.executions.status import Status
from runwright.integrations.storage.base import BlobStore
from runwright.integrations.storage.fake import MemoryStore
from runwright.workflows.definition import WorkflowFileError
from runwright.workflows.parser import parse
from tests import support
from tests.support import Tenant

pytestmark = pytest.mark.anyio

NOTES = """
version: 1
name: Notes
inputs: {tag: {required: true}}
blocks:
  notes: {type: template, text: "# Notes of {{ tag }}", artifact: "notes-{{ tag }}.md"}
  data: {type: template, text: '{"tag": "{{ tag }}"}', artifact: true}
  copy: {type: template, needs: [notes], text: "# Notes of {{ tag }}", artifact: true}
  plain: {type: template, needs: [data], text: "nothing of note"}
"""
REVIEWED = """
version: 1
name: Reviewed
blocks:
  text: {type: template, text: a draft, artifact: text.txt, review: REVIEW}
"""


async def run(app: FastAPI, tenant: Tenant, source: str, *until: Status, **payload: str) -> dict[str, Any]:
    """Run a workflow until it ends, or has one of these statuses."""
    state = app.state
    workflow_id = await state.database.write(lambda conn: support.add_workflow(conn, tenant, source))
    execution_id = await state.database.write(lambda conn: support.start(conn, tenant, workflow_id, payload))
    state.signals.send(Signal.DUE, [execution_id])
    return await support.until(state.database, execution_id, *until)


async def files(api: httpx.AsyncClient, **wanted: Any) -> list[dict[str, Any]]:
    """The files that are listed."""
    answer = await api.get("/artifacts", params=wanted)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def kept_blobs(conn: sa.Connection) -> list[Blob]:
    """Every content there is a row of."""
    columns = [blobs.c[name] for name in Blob.__slots__]
    return [Blob(**row._mapping) for row in conn.execute(sa.select(*columns))]


async def content(api: httpx.AsyncClient, file: dict[str, Any]) -> str:
    return (await api.get(f"/artifacts/{file['id']}/content")).text


async def test_outputs_are_saved_by_name_and_type(app: FastAPI, api: httpx.AsyncClient, served: Tenant) -> None:
    shown = await run(app, served, NOTES, tag="v1")
    assert shown["status"] == "completed"
    saved = {file["blockKey"]: file for file in await files(api, execution=shown["id"])}
    assert {key: (file["name"], file["contentType"]) for key, file in saved.items()} == {
        "notes": ("notes-v1.md", "text/markdown"),
        "data": ("data.json", "application/json"),
        "copy": ("copy.md", "text/markdown"),
    }
    assert await content(api, saved["notes"]) == "# Notes of v1" == shown["state"]["blocks"]["notes"]["output"]
    assert saved["notes"]["sha256"] == saved["copy"]["sha256"]
    used = (await api.get("/storage")).json()
    assert used == {"files": 3, "bytes": saved["notes"]["size"] + saved["data"]["size"]}
    assert [file["blockKey"] for file in await files(api, execution=shown["id"], block="data")] == ["data"]


@pytest.mark.parametrize("tag", ["../../etc/passwd", "a\x01b\u202egnp", "x" * 10_000, "C:\\temp\\x", "\n\n"])
async def test_a_name_made_of_what_was_sent_leads_nowhere(
    app: FastAPI, api: httpx.AsyncClient, served: Tenant, tag: str
) -> None:
    shown = await run(app, served, NOTES, tag=tag)
    assert shown["status"] == "completed"
    (file,) = await files(api, execution=shown["id"], block="notes")
    assert not set("/\\\x00\x01\u202e\n:") & set(file["name"])
    assert len(file["name"]) <= 200
    assert file["name"].endswith(".md")


async def test_an_approved_output_is_saved_as_it_was_approved(
    app: FastAPI, api: httpx.AsyncClient, served: Tenant
) -> None:
    for edited, expected in ((None, "a draft"), ("the final text", "the final text")):
        shown = await run(app, served, REVIEWED.replace("REVIEW", "true"), Status.REVIEW_PENDING)
        assert await files(api, execution=shown["id"]) == []
        (review,) = (await api.get("/reviews", params={"execution": shown["id"]})).json()["items"]
        verdict = {"decision": "approve"} if edited is None else {"decision": "approve", "editedOutput": edited}
        assert (await api.post(f"/reviews/{review['id']}/decision", json=verdict)).status_code == 200
        await support.until(app.state.database, shown["id"])
        (file,) = await files(api, execution=shown["id"])
        assert (file["name"], await content(api, file)) == ("text.txt", expected)


async def test_what_was_sent_back_or_rejected_is_never_a_file(
    app: FastAPI, api: httpx.AsyncClient, served: Tenant
) -> None:
    shown = await run(app, served, REVIEWED.replace("REVIEW", "true"), Status.REVIEW_PENDING)
    for decision in ("send_back", "reject"):
        (review,) = (await api.get("/reviews", params={"execution": shown["id"]})).json()["items"]
        await api.post(f"/reviews/{review['id']}/decision", json={"decision": decision, "comment": "no"})
        wanted = Status.FAILED if decision == "reject" else Status.REVIEW_PENDING
        while not (await api.get("/reviews", params={"execution": shown["id"]})).json()["items"]:
            if (await support.until(app.state.database, shown["id"], wanted))["status"] == "failed":
                break
    assert await files(api, execution=shown["id"]) == []


async def test_a_deadline_that_approves_saves_the_proposal(
    app: FastAPI, api: httpx.AsyncClient, served: Tenant
) -> None:
    policy = "{deadline: 0.05, default: approve}"
    shown = await run(app, served, REVIEWED.replace("REVIEW", policy), Status.COMPLETED)
    (file,) = await files(api, execution=shown["id"])
    assert await content(api, file) == "a draft"


async def test_a_review_block_saves_what_was_decided(app: FastAPI, api: httpx.AsyncClient, served: Tenant) -> None:
    source = "version: 1\nname: Gate\nblocks:\n  gate: {type: review, message: Go?, artifact: decision.txt}\n"
    shown = await run(app, served, source, Status.REVIEW_PENDING)
    (review,) = (await api.get("/reviews", params={"execution": shown["id"]})).json()["items"]
    await api.post(f"/reviews/{review['id']}/decision", json={"decision": "approve", "comment": "go, carefully"})
    await support.until(app.state.database, shown["id"])
    (file,) = await files(api, execution=shown["id"])
    assert await content(api, file) == "go, carefully"


async def test_a_block_fails_when_its_file_cannot_be_kept(
    app: FastAPI, api: httpx.AsyncClient, served: Tenant, failing: MemoryStore
) -> None:
    shown = await run(app, served, NOTES, tag="v1")
    blocks = shown["state"]["blocks"]
    assert (shown["status"], blocks["notes"]["status"]) == ("failed", "failed")
    assert blocks["notes"]["error"] == "Its output could not be saved as a file: the disk is full."
    assert await files(api, execution=shown["id"]) == []


async def test_a_name_that_cannot_be_looked_up_fails_the_block(app: FastAPI, served: Tenant) -> None:
    source = NOTES.replace("notes-{{ tag }}.md", "{{ trigger.nothing }}.md")
    shown = await run(app, served, source, tag="v1")
    assert shown["state"]["blocks"]["notes"]["error"].startswith("The name of its file cannot be written: ")


async def test_an_error_that_the_workflow_goes_on_with_is_no_file(
    app: FastAPI, api: httpx.AsyncClient, served: Tenant
) -> None:
    source = (
        "version: 1\nname: Fails\nblocks:\n"
        "  a: {type: code, language: python, code: '1 / 0', on_error: continue, artifact: true}\n"
    )
    shown = await run(app, served, source)
    assert (shown["status"], await files(api, execution=shown["id"])) == ("completed", [])


async def test_contents_are_kept_once_for_an_organization(app: FastAPI, api: httpx.AsyncClient, served: Tenant) -> None:
    database: Database = app.state.database
    store: BlobStore = app.state.services.blobs
    other = await database.write(lambda conn: support.add_tenant(conn, name="Other"))
    for tenant in (served, other, served):
        await run(app, tenant, NOTES, tag="v1")
    first = (await files(api, block="notes"))[0]
    used = await database.read(lambda conn: usage(conn, served.org_id))
    assert used.files == 6
    assert used.bytes < 2 * (first["size"] + 20)
    found = await database.read(lambda conn: [blob.key for blob in kept_blobs(conn)])
    assert len(found) == 4
    assert [await store.size(key) is not None for key in found] == [True] * 4


def test_the_names_in_a_file_name_are_checked_when_the_workflow_is_saved() -> None:
    with pytest.raises(WorkflowFileError, match="tga"):
        parse(NOTES.replace("notes-{{ tag }}.md", "notes-{{ tga }}.md"))
    with pytest.raises(WorkflowFileError, match="without folders"):
        parse(NOTES.replace("notes-{{ tag }}.md", "../{{ tag }}.md"))
    definition = parse(NOTES.replace("notes-{{ tag }}.md", "{{ tag | upper }}.md"))
    assert definition.blocks["notes"].artifact == "{{ tag | upper }}.md"

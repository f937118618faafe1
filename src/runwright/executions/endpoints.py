"""``/api/v1`` about executions: start, list, look at, watch, cancel, run again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from runwright.accounts.dependencies import (
    Caller,
    CurrentCaller,
    PathId,
    RequestedSpan,
    database_of,
)
from runwright.executions import details, estimates, items, live, repository, service
from runwright.executions.details import ExecutionDetails
from runwright.executions.items import ItemState
from runwright.executions.schemas import (
    CancelIn,
    EstimateOut,
    ExecutionOut,
    ExecutionSummary,
    ItemOut,
    StartedOut,
    StartIn,
)
from runwright.executions.signals import Signal, Signals
from runwright.executions.status import Status
from runwright.kit.clock import now_ms
from runwright.kit.json import Json
from runwright.kit.pages import Page, cut
from runwright.kit.schemas import Listed
from runwright.triggers import manual
from runwright.triggers.base import TriggerType

router = APIRouter(prefix="/api/v1", tags=["Executions"])


def signals_of(request: Request) -> Signals:
    """The process's board of signals."""
    signals: Signals = request.app.state.signals
    return signals


@router.post("/workflows/{workflow_id}/executions", status_code=201)
async def start_execution(workflow_id: PathId, body: StartIn, caller: CurrentCaller, request: Request) -> StartedOut:
    """Start a workflow by hand, the published version or any saved one."""
    created = await database_of(request).write(
        partial(
            manual.start,
            org_id=caller.org_id,
            workflow_id=workflow_id,
            payload=body.inputs,
            metadata=metadata_of(request, caller),
            version_id=body.version_id,
            version=body.version,
            preview=body.preview,
        )
    )
    return started(request, created.execution_id)


@router.get("/executions")
async def list_executions(
    caller: CurrentCaller,
    span: RequestedSpan,
    request: Request,
    project: Annotated[str | None, Query(description="Of this project only.")] = None,
    workflow: Annotated[str | None, Query(description="Of this workflow only.")] = None,
    status: Annotated[list[Status], Query(description="In one of these statuses; may be repeated.")] = [],  # noqa: B006
    trigger: Annotated[str | None, Query(description="Started this way only: api, manual, …")] = None,
    preview: Annotated[bool | None, Query(description="Only previews, or only real runs.")] = None,
    parent: Annotated[
        str | None, Query(description="Called by this execution; without it and without workflow, called by none.")
    ] = None,
) -> Listed[ExecutionSummary]:
    """Executions of the organization, newest first. Called ones are listed with ``parent`` or ``workflow`` only."""
    wanted = partial(
        repository.list_page,
        project_id=project,
        workflow_id=workflow,
        statuses=status,
        trigger_type=trigger,
        preview=preview,
        parent_id=parent,
    )

    def read(conn: sa.Connection) -> Page[ExecutionDetails]:
        rows = wanted(conn, caller.org_id, limit=span.limit + 1, cursor=span.after)
        return cut(details.with_counts(conn, rows), limit=span.limit, cursor_of=lambda item: item.row.id)

    return Listed[ExecutionSummary].of(await database_of(request).read(read), ExecutionSummary.of)


@router.get("/executions/{execution_id}")
async def get_execution(execution_id: PathId, caller: CurrentCaller, request: Request) -> ExecutionOut:
    """An execution with its blocks and the requests they made."""
    found = await database_of(request).read(
        partial(details.get_details, org_id=caller.org_id, execution_id=execution_id)
    )
    return ExecutionOut.of(found)


@router.get("/executions/{execution_id}/blocks/{key}/items")
async def list_items(
    execution_id: PathId,
    key: str,
    caller: CurrentCaller,
    span: RequestedSpan,
    request: Request,
    status: Annotated[list[Status], Query(description="In one of these statuses; may be repeated.")] = [],  # noqa: B006
) -> Listed[ItemOut]:
    """The items of a map block that were begun, in the order of the list."""
    after = int(span.after) if span.after is not None and span.after.isdecimal() else None

    def read(conn: sa.Connection) -> Page[ItemState]:
        row = details.get_row(conn, caller.org_id, execution_id)
        found = items.list_page(conn, row.id, key, limit=span.limit + 1, after=after, statuses=status)
        return cut(found, limit=span.limit, cursor_of=lambda state: str(state.item))

    return Listed[ItemOut].of(await database_of(request).read(read), ItemOut.of)


@router.get("/workflows/{workflow_id}/estimate")
async def estimate_execution(workflow_id: PathId, caller: CurrentCaller, request: Request) -> EstimateOut:
    """What the next run of a workflow will probably cost, and how long it will take, by its last completed runs."""
    found = await database_of(request).read(partial(estimates.estimate, org_id=caller.org_id, workflow_id=workflow_id))
    return EstimateOut.of(found)


@router.get("/executions/{execution_id}/events", response_class=StreamingResponse)
async def watch_execution(execution_id: PathId, caller: CurrentCaller, request: Request) -> StreamingResponse:
    """Server-sent events until the execution settles.

    ``execution`` carries the whole execution whenever it changed; ``block`` what a running block says meanwhile
    (text of a model as it comes, log lines): ``{"key", "kind", "data"}``. A comment line every few seconds keeps the
    connection open. Reconnecting starts with the present state.
    """
    database, signals = database_of(request), signals_of(request)
    await database.read(partial(details.get_row, org_id=caller.org_id, execution_id=execution_id))

    async def show() -> live.Shown:
        found = await database.read(partial(details.get_details, org_id=caller.org_id, execution_id=execution_id))
        body = ExecutionOut.of(found).model_dump_json(by_alias=True)
        return live.Shown(revision=found.row.revision, status=found.row.status, body=body)

    events: AsyncIterator[str] = live.events(execution_id, show=show, signals=signals)
    return StreamingResponse(
        events,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


@router.post("/executions/{execution_id}/cancel")
async def cancel_execution(
    execution_id: PathId, caller: CurrentCaller, request: Request, body: CancelIn | None = None
) -> ExecutionOut:
    """Cancel an execution: its running blocks are interrupted. One that is settled stays as it is."""
    reason = (body.reason if body else None) or f"Cancelled by {caller.user_id}"

    def unit(conn: sa.Connection) -> tuple[tuple[str, ...], ExecutionDetails]:
        row = details.get_row(conn, caller.org_id, execution_id)
        cancelled = service.cancel(conn, row, reason=reason, now=now_ms())
        return cancelled, details.get_details(conn, caller.org_id, execution_id)

    cancelled, found = await database_of(request).write(unit)
    if cancelled:
        request.app.state.metrics.executions_cancelled(len(cancelled))
        signals_of(request).send(Signal.CANCELLED, cancelled)
        if found.row.parent_id is not None:
            signals_of(request).send(Signal.DUE, [found.row.parent_id])
    return ExecutionOut.of(found)


@router.post("/executions/{execution_id}/rerun", status_code=201)
async def run_again(execution_id: PathId, caller: CurrentCaller, request: Request) -> StartedOut:
    """Start the same version of the workflow with the same variables once more."""

    def unit(conn: sa.Connection) -> str:
        row = details.get_row(conn, caller.org_id, execution_id)
        return manual.start_again(conn, row, metadata=metadata_of(request, caller)).execution_id

    return started(request, await database_of(request).write(unit))


def started(request: Request, execution_id: str) -> StartedOut:
    """Tell the engine of an execution that was committed; what is answered of it."""
    request.app.state.metrics.trigger_accepted(TriggerType.MANUAL.value)
    signals_of(request).send(Signal.DUE, [execution_id])
    return StartedOut(execution_id=execution_id)


def metadata_of(request: Request, caller: Caller) -> dict[str, Json]:
    """Who started an execution by hand, and from where."""
    return {
        "ip": request.client.host if request.client else None,
        "userAgent": request.headers.get("user-agent"),
        "apiKeyId": caller.key_id,
        "userId": caller.user_id,
    }

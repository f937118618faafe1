"""``/api/v1`` about workflows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, TypeVar

import anyio.to_thread
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from runwright.accounts.dependencies import Caller, PathId, RequestedSpan, database_of, require_role
from runwright.accounts.models import Role
from runwright.accounts.repository import first_project
from runwright.accounts.schemas import REFERENCE_PATTERN
from runwright.errors import Invalid
from runwright.kit.schemas import Listed
from runwright.kit.text import storable
from runwright.workflows import catalog, gallery, service
from runwright.workflows.definition import WorkflowFileError
from runwright.workflows.schemas import (
    BlockTypeOut,
    CheckedOut,
    DiffOut,
    DuplicateIn,
    GraphOut,
    ProblemOut,
    RestoreIn,
    SourceIn,
    TemplateOut,
    TriggersIn,
    TriggersOut,
    VersionDetailOut,
    VersionIn,
    VersionOut,
    WorkflowChange,
    WorkflowIn,
    WorkflowOut,
    WorkflowSummaryOut,
)
from runwright.workflows.service import Filter, Owner, Prepared, Workflow

T = TypeVar("T")
Work = Callable[[sa.Connection], T]

router = APIRouter(prefix="/api/v1", tags=["workflows"])
Member = Annotated[Caller, Depends(require_role(Role.MEMBER))]
MAX_NUMBER = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="Number of a version.")]


@router.get("/workflows")
async def list_workflows(
    caller: Member,
    span: RequestedSpan,
    request: Request,
    project: Annotated[str | None, Query(pattern=REFERENCE_PATTERN, description="Only those of this project.")] = None,
    category: Annotated[str | None, Query(max_length=100)] = None,
    search: Annotated[str | None, Query(max_length=200, description="Part of the name or description.")] = None,
    archived: bool = False,
) -> Listed[WorkflowSummaryOut]:
    """Workflows of the organization with their runs, newest first."""
    wanted = Filter(
        project_id=project,
        category=storable(category) if category else None,
        search=storable(search) if search else None,
        archived=archived,
    )
    page = await _read(
        request,
        lambda conn: service.list_page(conn, caller.org_id, wanted, limit=span.limit, after=span.after),
    )
    return Listed[WorkflowSummaryOut].of(page, WorkflowSummaryOut.of_summary)


@router.post("/workflows", status_code=201)
async def create_workflow(body: WorkflowIn, caller: Member, request: Request) -> WorkflowOut:
    """Make a workflow of a file."""
    prepared = await _prepared(body.source)

    def work(conn: sa.Connection) -> Workflow:
        project_id = body.project_id
        if "project_id" not in body.model_fields_set:
            first = first_project(conn, caller.org_id)
            project_id = first.id if first else None
        return service.create(conn, _owner(caller), prepared, project_id=project_id, publish=body.publish)

    return WorkflowOut.of(await _write(request, work))


@router.post("/workflows/validate")
async def validate_workflow(body: SourceIn, caller: Member) -> CheckedOut:
    """Whether a file is a valid workflow; nothing is saved."""
    try:
        prepared = await anyio.to_thread.run_sync(service.prepare, body.source)
    except WorkflowFileError as error:
        return CheckedOut(valid=False, problems=[ProblemOut.of(problem) for problem in error.problems], graph=None)
    return CheckedOut(valid=True, problems=[], graph=GraphOut.of(prepared.definition))


@router.get("/workflows/{workflow_id}")
async def get_workflow(workflow_id: PathId, caller: Member, request: Request) -> WorkflowSummaryOut:
    """One workflow with its runs."""
    found = await _read(request, lambda conn: service.get_summary(conn, caller.org_id, workflow_id))
    return WorkflowSummaryOut.of_summary(found)


@router.patch("/workflows/{workflow_id}")
async def change_workflow(workflow_id: PathId, body: WorkflowChange, caller: Member, request: Request) -> WorkflowOut:
    """Move a workflow to another project, put it away or take it out again."""

    def work(conn: sa.Connection) -> Workflow:
        if "project_id" in body.model_fields_set:
            service.set_project(conn, caller.org_id, workflow_id, body.project_id)
        if body.archived is not None:
            service.set_archived(conn, caller.org_id, workflow_id, archived=body.archived)
        return service.get(conn, caller.org_id, workflow_id)

    return WorkflowOut.of(await _write(request, work))


@router.delete("/workflows/{workflow_id}", status_code=204)
async def delete_workflow(
    workflow_id: PathId,
    caller: Member,
    request: Request,
    with_executions: Annotated[
        bool, Query(alias="withExecutions", description="Delete the record of its executions too.")
    ] = False,
) -> None:
    """Delete a workflow. One that has run is better archived: its executions stay then."""
    await _write(
        request,
        lambda conn: service.delete(conn, caller.org_id, workflow_id, with_executions=with_executions),
    )


@router.post("/workflows/{workflow_id}/duplicate", status_code=201)
async def duplicate_workflow(workflow_id: PathId, body: DuplicateIn, caller: Member, request: Request) -> WorkflowOut:
    """Copy a workflow; the copy is not published, and not open to API triggers."""
    copied = await _write(request, lambda conn: service.duplicate(conn, _owner(caller), workflow_id, name=body.name))
    return WorkflowOut.of(copied)


@router.get("/workflows/{workflow_id}/export", response_class=Response, responses={200: {"content": {"text/yaml": {}}}})
async def export_workflow(
    workflow_id: PathId,
    caller: Member,
    request: Request,
    version: Annotated[
        int | None, Query(ge=1, le=MAX_NUMBER, description="Default: the published one, or the latest.")
    ] = None,
) -> Response:
    """The workflow's file, with the present trigger settings."""

    def work(conn: sa.Connection) -> tuple[str, str]:
        text = service.exported(conn, caller.org_id, workflow_id, version)
        return text, service.get(conn, caller.org_id, workflow_id).name

    text, name = await _read(request, work)
    disposition = f'attachment; filename="{_file_name(name)}"'
    return Response(text, media_type="text/yaml", headers={"Content-Disposition": disposition})


@router.get("/workflows/{workflow_id}/triggers")
async def get_triggers(workflow_id: PathId, caller: Member, request: Request) -> TriggersOut:
    """The trigger settings, which hold for every version."""
    return TriggersOut.of(await _read(request, lambda conn: service.get(conn, caller.org_id, workflow_id)))


@router.put("/workflows/{workflow_id}/triggers")
async def set_triggers(workflow_id: PathId, body: TriggersIn, caller: Member, request: Request) -> TriggersOut:
    """Set the trigger settings; they take effect at once."""
    changed = await _write(
        request, lambda conn: service.set_api_trigger(conn, caller.org_id, workflow_id, body.api.value())
    )
    return TriggersOut.of(changed)


@router.get("/workflows/{workflow_id}/versions")
async def list_versions(
    workflow_id: PathId, caller: Member, span: RequestedSpan, request: Request
) -> Listed[VersionOut]:
    """Versions, newest first."""
    if span.after is not None and not re.fullmatch(r"\d{1,9}", span.after):
        raise Invalid("cursor: must be the nextCursor of an earlier answer", details={"field": "cursor"})
    before = int(span.after) if span.after else None

    def work(conn: sa.Connection) -> Listed[VersionOut]:
        published = service.get(conn, caller.org_id, workflow_id).published_number
        page = service.list_versions(conn, caller.org_id, workflow_id, limit=span.limit, before=before)
        return Listed[VersionOut].of(page, lambda version: VersionOut.of(version, published=published))

    return await _read(request, work)


@router.post("/workflows/{workflow_id}/versions", status_code=201)
async def save_version(workflow_id: PathId, body: VersionIn, caller: Member, request: Request) -> WorkflowOut:
    """Save a file as the next version."""
    prepared = await _prepared(body.source)
    saved = await _write(
        request,
        lambda conn: service.save_version(
            conn,
            _owner(caller),
            workflow_id,
            prepared,
            publish=body.publish,
            expected_version=body.expected_version,
        ),
    )
    return WorkflowOut.of(saved)


@router.get("/workflows/{workflow_id}/versions/{number}")
async def get_version(workflow_id: PathId, number: Number, caller: Member, request: Request) -> VersionDetailOut:
    """One version with its file."""

    def work(conn: sa.Connection) -> VersionDetailOut:
        workflow = service.get(conn, caller.org_id, workflow_id)
        version = service.get_version(conn, caller.org_id, workflow_id, number)
        shown = VersionOut.of(version, published=workflow.published_number)
        return VersionDetailOut(
            **dict(shown),
            source=service.source_of(conn, caller.org_id, workflow_id, number),
            graph=GraphOut.of(service.definition_of(conn, version)),
        )

    return await _read(request, work)


@router.post("/workflows/{workflow_id}/versions/{number}/publish")
async def publish_version(workflow_id: PathId, number: Number, caller: Member, request: Request) -> WorkflowOut:
    """Let a version run from now on. Executions that have begun go on with the version they began with."""
    return WorkflowOut.of(await _write(request, lambda conn: service.publish(conn, caller.org_id, workflow_id, number)))


@router.post("/workflows/{workflow_id}/versions/{number}/restore", status_code=201)
async def restore_version(
    workflow_id: PathId, number: Number, body: RestoreIn, caller: Member, request: Request
) -> WorkflowOut:
    """Make an older version's file the newest version."""
    restored = await _write(
        request, lambda conn: service.restore(conn, _owner(caller), workflow_id, number, publish=body.publish)
    )
    return WorkflowOut.of(restored)


@router.get("/workflows/{workflow_id}/diff")
async def diff_versions(
    workflow_id: PathId,
    caller: Member,
    request: Request,
    old: Annotated[int | None, Query(ge=1, le=MAX_NUMBER, description="Default: the published version.")] = None,
    new: Annotated[int | None, Query(ge=1, le=MAX_NUMBER, description="Default: the latest version.")] = None,
) -> DiffOut:
    """What changed between two versions."""
    found = await _read(request, lambda conn: service.diff(conn, caller.org_id, workflow_id, old=old, new=new))
    return DiffOut(old=found.old, new=found.new, diff=found.text)


@router.get("/block-types")
async def list_block_types(caller: Member) -> list[BlockTypeOut]:
    """Every block type with its fields."""
    return [BlockTypeOut.of(kind) for kind in catalog.block_types()]


@router.get("/templates")
async def list_templates(caller: Member) -> list[TemplateOut]:
    """Workflows to begin with."""
    return [TemplateOut.of(template) for template in gallery.templates()]


async def _prepared(source: str) -> Prepared:
    try:
        return await anyio.to_thread.run_sync(service.prepare, source)
    except WorkflowFileError as error:
        problems = [ProblemOut.of(problem).model_dump() for problem in error.problems]
        raise Invalid(f"The file is no valid workflow: {error}", details={"problems": problems}) from error


async def _read(request: Request, work: Work[T]) -> T:
    return await database_of(request).read(work)


async def _write(request: Request, work: Work[T]) -> T:
    return await database_of(request).write(work)


def _owner(caller: Caller) -> Owner:
    return Owner(org_id=caller.org_id, user_id=caller.user_id)


def _file_name(name: str) -> str:
    return f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-') or 'workflow'}.yaml"

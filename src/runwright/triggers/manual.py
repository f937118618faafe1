"""The manual trigger: somebody who manages the workflow starts it, any saved version, preview or real."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from runwright.accounts.credits import credit_exhausted
from runwright.accounts.models import projects
from runwright.errors import Conflict, Forbidden, Invalid, NotFound
from runwright.executions.service import Created
from runwright.executions.state import ExecutionRow
from runwright.kit.json import Json, loads
from runwright.triggers import one_block
from runwright.triggers.base import Start, TriggerType, start_execution
from runwright.triggers.one_block import OneBlock
from runwright.workflows.cache import load_definition
from runwright.workflows.definition import WorkflowDefinition
from runwright.workflows.models import workflow_versions, workflows


def start(
    conn: sa.Connection,
    org_id: str,
    workflow_id: str,
    *,
    payload: Mapping[str, str],
    metadata: Mapping[str, Json],
    version_id: str | None = None,
    version: int | None = None,
    preview: bool = False,
    only: OneBlock | None = None,
) -> Created:
    """Start a workflow by hand, in the caller's unit of work: its published version, or the one with this id or number.

    With ``only`` a single block of it runs, and no variable is required.

    Raises:
        NotFound: the organization has no such workflow, version or block, or its project is gone.
        Conflict: the workflow is archived, in no project, or nothing of it is published.
        Invalid: the variables are not the workflow's.
        Forbidden: the credit limit is reached.
    """
    row = conn.execute(sa.select(workflows).where(workflows.c.id == workflow_id, workflows.c.org_id == org_id)).first()
    if row is None:
        raise NotFound("Workflow not found")
    if row.archived_at is not None:
        raise Conflict("The workflow is archived; restore it first.")
    if version is not None:
        version_id = _version_by_number(conn, workflow_id, version)
    wanted = _version(conn, workflow_id, version_id or row.published_version_id)
    definition = load_definition(conn, wanted)
    _check_variables(definition, payload, complete=only is None)
    if credit_exhausted(conn, org_id):
        raise Forbidden("The organization has reached its credit limit; an admin can raise it.")
    created = start_execution(
        conn,
        Start(
            org_id=org_id,
            project_id=_project(conn, row.project_id),
            workflow_id=workflow_id,
            version_id=wanted,
            definition=definition,
            trigger=TriggerType.MANUAL,
            payload=payload,
            metadata=metadata if only is None else {**metadata, one_block.METADATA: only.key},
            preview=preview,
        ),
    )
    if only is not None:
        one_block.settle_others(conn, created.execution_id, definition, only)
    return created


def start_again(conn: sa.Connection, row: ExecutionRow, *, metadata: Mapping[str, Json]) -> Created:
    """Start the same version with the same variables as an earlier execution; or the one block that it ran.

    Raises:
        as :func:`start`.
    """
    return start(
        conn,
        row.org_id,
        row.workflow_id,
        payload=loads(row.trigger_payload),
        metadata=metadata,
        version_id=row.workflow_version_id,
        preview=row.preview,
        only=one_block.of_execution(conn, row),
    )


def _version(conn: sa.Connection, workflow_id: str, version_id: str | None) -> str:
    if version_id is None:
        raise Conflict("Nothing of this workflow is published yet; publish it, or name a version.")
    known = conn.execute(
        sa.select(workflow_versions.c.id).where(
            workflow_versions.c.id == version_id, workflow_versions.c.workflow_id == workflow_id
        )
    ).scalar()
    if known is None:
        raise NotFound("The workflow has no such version")
    return str(known)


def _version_by_number(conn: sa.Connection, workflow_id: str, number: int) -> str:
    known = conn.execute(
        sa.select(workflow_versions.c.id).where(
            workflow_versions.c.workflow_id == workflow_id, workflow_versions.c.number == number
        )
    ).scalar()
    if known is None:
        raise NotFound("The workflow has no such version")
    return str(known)


def _project(conn: sa.Connection, project_id: str | None) -> str:
    if project_id is None:
        raise Conflict("The workflow belongs to no project; link it to one first.")
    found = conn.execute(sa.select(projects.c.id).where(projects.c.id == project_id)).scalar()
    if found is None:
        raise NotFound("The workflow's project does not exist any more; link it to another.")
    return str(found)


def _check_variables(definition: WorkflowDefinition, payload: Mapping[str, str], *, complete: bool) -> None:
    unknown = [name for name in payload if name not in definition.inputs]
    if unknown:
        raise Invalid(f"The workflow has no context variable {', '.join(unknown)}.", details={"fields": unknown})
    missing = [
        name
        for name, spec in definition.inputs.items()
        if complete and spec.required and spec.default is None and not payload.get(name)
    ]
    if missing:
        raise Invalid(f"These context variables are required: {', '.join(missing)}.", details={"fields": missing})

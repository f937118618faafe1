"""The one door through which every execution starts, whatever triggered it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import sqlalchemy as sa

from runwright.executions import service
from runwright.executions.service import Created
from runwright.executions.transitions import NewExecution
from runwright.kit.clock import now_ms
from runwright.kit.ids import new_uuid
from runwright.kit.json import Json, dumps
from runwright.workflows.definition import WorkflowDefinition


class TriggerType(StrEnum):
    """The ways an execution can start."""

    API = "api"
    MANUAL = "manual"
    SCHEDULE = "schedule"
    GITHUB = "github"
    MCP = "mcp"


@dataclass(frozen=True, slots=True)
class Start:
    """A start that was found to be in order: what to run, with what, and who asked."""

    org_id: str
    project_id: str
    workflow_id: str
    version_id: str
    definition: WorkflowDefinition
    trigger: TriggerType
    payload: Mapping[str, str]
    metadata: Mapping[str, Json] = field(default_factory=dict)
    preview: bool = False
    cancel_previous: bool = False
    parent_id: str | None = None
    depth: int = 0


def start_execution(conn: sa.Connection, start: Start) -> Created:
    """Make the execution, in the caller's unit of work; it is due as soon as that is committed.

    The caller sends ``Signal.DUE`` for it, and ``Signal.CANCELLED`` for those it superseded, after the commit.
    """
    if start.cancel_previous:
        _lock_workflow(conn, start.workflow_id)
    new = NewExecution(
        # Made under the lock: of concurrent triggers the newest id is that of the execution that survives.
        id=new_uuid(),
        org_id=start.org_id,
        project_id=start.project_id,
        workflow_id=start.workflow_id,
        workflow_version_id=start.version_id,
        workflow_name=start.definition.name,
        block_count=len(start.definition.blocks),
        trigger_type=start.trigger.value,
        trigger_payload=dumps(dict(start.payload)),
        trigger_metadata=dumps(dict(start.metadata)),
        preview=start.preview,
        parent_id=start.parent_id,
        depth=start.depth,
    )
    return service.create(conn, new, now=now_ms(), cancel_previous=start.cancel_previous)


def _lock_workflow(conn: sa.Connection, workflow_id: str) -> None:
    """Serialize with other triggers of the same workflow; SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("SELECT 1 FROM workflows WHERE id = :id FOR UPDATE"), {"id": workflow_id})

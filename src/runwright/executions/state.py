"""An execution and its blocks as plain values, between the database and those who reason about them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from runwright.executions.status import Status
from runwright.kit.clock import Millis


@dataclass(frozen=True, slots=True)
class BlockState:
    """One block of one execution. A block without a row in the database is ``BlockState(key)``."""

    key: str
    status: Status = Status.PENDING
    attempt: int = 1
    round: int = 0
    started_at: Millis | None = None
    finished_at: Millis | None = None
    due_at: Millis | None = None
    output: str | None = None
    branch: str | None = None
    error: str | None = None
    reason: str | None = None

    def but(self, **changes: object) -> BlockState:
        """A copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    """One row of ``executions``; JSON columns still as text."""

    id: str
    org_id: str
    project_id: str
    workflow_id: str
    workflow_version_id: str
    workflow_name: str
    status: Status
    block_count: int
    preview: bool
    trigger_type: str
    trigger_payload: str
    trigger_metadata: str
    created_at: Millis
    updated_at: Millis
    started_at: Millis | None
    finished_at: Millis | None
    cancel_requested_at: Millis | None
    cancel_reason: str | None
    error: str | None
    revision: int
    parent_id: str | None
    depth: int

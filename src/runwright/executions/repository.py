"""Reading executions and their blocks. Writing is in ``transitions``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from runwright.executions.models import block_runs, executions
from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.status import SETTLED_WELL, Status
from runwright.kit.clock import Millis

ROW_COLUMNS = [executions.c[name] for name in ExecutionRow.__slots__]
_BLOCK = [block_runs.c[name] for name in BlockState.__slots__]

_BY_ID = sa.select(*ROW_COLUMNS).where(executions.c.id == sa.bindparam("execution"))
_BLOCKS_OF = sa.select(*_BLOCK).where(block_runs.c.execution_id == sa.bindparam("execution"))
_MARK_OF = sa.select(executions.c.org_id, executions.c.revision, executions.c.status).where(
    executions.c.id == sa.bindparam("execution")
)


def execution_row(row: Any) -> ExecutionRow:
    """A database row of ``ROW_COLUMNS`` as a value."""
    values = row._mapping
    return ExecutionRow(**{**values, "status": Status(values["status"]), "preview": bool(values["preview"])})


def _block(row: Any) -> BlockState:
    values = row._mapping
    return BlockState(**{**values, "status": Status(values["status"])})


def find(conn: sa.Connection, execution_id: str) -> ExecutionRow | None:
    """One execution of any organization: the caller must compare ``org_id`` before showing anything of it."""
    row = conn.execute(_BY_ID, {"execution": execution_id}).first()
    return None if row is None else execution_row(row)


def find_mark(conn: sa.Connection, execution_id: str) -> tuple[str, int, Status] | None:
    """Organization, revision and status alone: enough to tell whether anything changed."""
    row = conn.execute(_MARK_OF, {"execution": execution_id}).first()
    return None if row is None else (row[0], row[1], Status(row[2]))


def get(conn: sa.Connection, org_id: str, execution_id: str) -> ExecutionRow | None:
    """One execution of an organization."""
    row = find(conn, execution_id)
    return row if row is not None and row.org_id == org_id else None


def blocks_of(conn: sa.Connection, execution_id: str) -> dict[str, BlockState]:
    """The blocks that have a row, by key."""
    rows = conn.execute(_BLOCKS_OF, {"execution": execution_id})
    return {row.key: _block(row) for row in rows}


def blocks_of_many(conn: sa.Connection, ids: Sequence[str]) -> dict[str, dict[str, BlockState]]:
    """The blocks that have a row, by execution and key."""
    found: dict[str, dict[str, BlockState]] = {execution_id: {} for execution_id in ids}
    statement = sa.select(block_runs.c.execution_id, *_BLOCK).where(block_runs.c.execution_id.in_(ids))
    for row in conn.execute(statement):
        values = dict(row._mapping)
        owner = values.pop("execution_id")
        found[owner][row.key] = BlockState(**{**values, "status": Status(values["status"])})
    return found


def completed_blocks(conn: sa.Connection, ids: Sequence[str]) -> Mapping[str, int]:
    """How many blocks of each execution are settled well."""
    statement = (
        sa.select(block_runs.c.execution_id, sa.func.count())
        .where(
            block_runs.c.execution_id.in_(ids),
            block_runs.c.status.in_([status.value for status in SETTLED_WELL]),
        )
        .group_by(block_runs.c.execution_id)
    )
    return dict(conn.execute(statement).tuples().all())


def due_ids(conn: sa.Connection, *, now: Millis, limit: int) -> list[str]:
    """Executions that want a worker and have none, those that wait longest first."""
    statement = (
        sa.select(executions.c.id)
        .where(executions.c.due_at <= now, executions.c.stretch.is_(None))
        .order_by(executions.c.due_at)
        .limit(limit)
    )
    return list(conn.execute(statement).scalars())


def held_stretches(conn: sa.Connection) -> set[str]:
    """Every stretch that holds an execution."""
    statement = sa.select(executions.c.stretch).where(executions.c.stretch.is_not(None)).distinct()
    return {stretch for stretch in conn.execute(statement).scalars() if stretch is not None}


def fences(conn: sa.Connection, ids: Sequence[str]) -> dict[str, str | None]:
    """The fence each execution stands behind now."""
    statement = sa.select(executions.c.id, executions.c.fence).where(executions.c.id.in_(ids))
    return {row.id: row.fence for row in conn.execute(statement)}


def live_api_executions(conn: sa.Connection, workflow_id: str) -> list[ExecutionRow]:
    """What *Cancel previous executions* cancels: API-triggered, pending or running, oldest first."""
    statement = (
        sa.select(*ROW_COLUMNS)
        .where(
            executions.c.workflow_id == workflow_id,
            executions.c.finished_at.is_(None),
            executions.c.status.in_([Status.PENDING.value, Status.RUNNING.value]),
            executions.c.trigger_type == "api",
            executions.c.parent_id.is_(None),
        )
        .order_by(executions.c.id)
    )
    return [execution_row(row) for row in conn.execute(statement)]


def list_page(
    conn: sa.Connection,
    org_id: str,
    *,
    limit: int,
    cursor: str | None = None,
    project_id: str | None = None,
    workflow_id: str | None = None,
    statuses: Sequence[Status] = (),
    trigger_type: str | None = None,
    preview: bool | None = None,
    parent_id: str | None = None,
) -> list[ExecutionRow]:
    """Up to ``limit`` executions older than the cursor, newest first.

    Those that were called by others are among them only when their workflow or their caller is asked for.
    """
    wanted = [executions.c.org_id == org_id]
    if parent_id is not None or workflow_id is None:
        wanted.append(executions.c.parent_id == parent_id)
    if cursor is not None:
        wanted.append(executions.c.id < cursor)
    if project_id is not None:
        wanted.append(executions.c.project_id == project_id)
    if workflow_id is not None:
        wanted.append(executions.c.workflow_id == workflow_id)
    if statuses:
        wanted.append(executions.c.status.in_([status.value for status in statuses]))
    if trigger_type is not None:
        wanted.append(executions.c.trigger_type == trigger_type)
    if preview is not None:
        wanted.append(executions.c.preview.is_(preview))
    statement = sa.select(*ROW_COLUMNS).where(*wanted).order_by(executions.c.id.desc()).limit(limit)
    return [execution_row(row) for row in conn.execute(statement)]

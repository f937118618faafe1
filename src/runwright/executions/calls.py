"""Executions that blocks of other executions called: who called whom, what came of it, what it cost in all.

Nothing waits in memory for a called execution. Its end wakes the one that called it, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from runwright.blocks.base import Call
from runwright.executions import repository, transitions
from runwright.executions.models import calls, executions
from runwright.executions.signals import Signal, announce
from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.status import LIVE, SETTLED, Status
from runwright.kit.clock import Millis
from runwright.workflows.cache import load_definition
from runwright.workflows.definition import WorkflowDefinition


@dataclass(frozen=True, slots=True)
class CallPlace:
    """Where a call is made: the attempt at a block, and the call's name in it."""

    execution_id: str
    block_key: str
    round: int
    attempt: int
    name: str


def add(conn: sa.Connection, place: CallPlace, *, child_id: str) -> None:
    """Note which execution a call started."""
    row = {name: getattr(place, name) for name in CallPlace.__slots__}
    conn.execute(calls.insert(), {**row, "child_id": child_id})


def child_of(conn: sa.Connection, place: CallPlace) -> str | None:
    """The execution that a call started, if it was made."""
    where = (calls.c[name] == getattr(place, name) for name in CallPlace.__slots__)
    return conn.execute(sa.select(calls.c.child_id).where(*where)).scalar()


def find(conn: sa.Connection, place: CallPlace) -> Call | None:
    """A call as it stands now; None when it was not made."""
    child_id = child_of(conn, place)
    row = None if child_id is None else repository.find(conn, child_id)
    return None if row is None else _call(conn, row)


def _call(conn: sa.Connection, row: ExecutionRow) -> Call:
    if row.status not in SETTLED:
        return Call(execution_id=row.id, settled=False)
    error = _why_not(row)
    if error is not None:
        return Call(execution_id=row.id, settled=True, error=error)
    return Call(execution_id=row.id, settled=True, output=result_of(conn, row))


def _why_not(row: ExecutionRow) -> str | None:
    named = f'The workflow "{row.workflow_name}" it called (execution {row.id})'
    if row.status is Status.FAILED:
        return f"{named} failed: {row.error}"
    if row.status is Status.CANCELLED:
        return f"{named} was cancelled: {row.cancel_reason}"
    return None


def result_of(conn: sa.Connection, row: ExecutionRow) -> str:
    """What a settled execution came to: the value of its last output block, else the last output there is."""
    definition = load_definition(conn, row.workflow_version_id)
    blocks = repository.blocks_of(conn, row.id)
    return _last(definition, blocks, only="output") or _last(definition, blocks) or ""


def _last(definition: WorkflowDefinition, blocks: dict[str, BlockState], *, only: str | None = None) -> str | None:
    for key in reversed(definition.order):
        state = blocks.get(key)
        if state is None or state.status is not Status.COMPLETED or state.output is None:
            continue
        if only is None or definition.blocks[key].type == only:
            return state.output
    return None


def wake(conn: sa.Connection, execution_id: str, *, now: Millis) -> None:
    """Something this execution waits for has happened; the caller sends ``Signal.DUE`` after the commit."""
    if transitions.wake(conn, execution_id, now=now):
        announce(conn, Signal.DUE, execution_id)


def live_children(conn: sa.Connection, execution_id: str) -> list[ExecutionRow]:
    """The executions called by this one that have not ended."""
    statement = sa.select(*repository.ROW_COLUMNS).where(
        executions.c.parent_id == execution_id, executions.c.status.in_([status.value for status in LIVE])
    )
    return [repository.execution_row(row) for row in conn.execute(statement)]


@dataclass(frozen=True, slots=True)
class CalledExecution:
    """An execution that a block called, as the caller's page lists it."""

    block_key: str
    name: str
    execution_id: str
    workflow_name: str
    status: Status


def called_by(conn: sa.Connection, execution_id: str, *, limit: int = 1_000) -> list[CalledExecution]:
    """What the blocks of an execution called, the newest calls last; of very many the first ones."""
    statement = (
        sa.select(calls.c.block_key, calls.c.name, executions.c.id, executions.c.workflow_name, executions.c.status)
        .join(executions, executions.c.id == calls.c.child_id)
        .where(calls.c.execution_id == execution_id)
        .order_by(executions.c.id)
        .limit(limit)
    )
    return [
        CalledExecution(row.block_key, row.name, row.id, row.workflow_name, Status(row.status))
        for row in conn.execute(statement)
    ]


def ancestry(conn: sa.Connection, row: ExecutionRow) -> list[str]:
    """The names of the workflows that called each other down to this execution, the first caller first."""
    names, parent_id = [row.workflow_name], row.parent_id
    while parent_id is not None:
        parent = repository.find(conn, parent_id)
        if parent is None:
            break
        names.append(parent.workflow_name)
        parent_id = parent.parent_id
    return names[::-1]


def descendants(ids: Sequence[str]) -> sa.CTE:
    """Each of these executions and all that was called below it, as rows of ``root`` and ``id``."""
    roots = sa.select(executions.c.id.label("root"), executions.c.id.label("id")).where(executions.c.id.in_(ids))
    family = roots.cte("family", recursive=True)
    return family.union_all(
        sa.select(family.c.root, executions.c.id).join(executions, executions.c.parent_id == family.c.id)
    )

"""The only writer of statuses, of executions and of blocks.

Every function is one unit of work or part of one, obeys the tables in ``status`` and raises the revision of the
execution it changes. Nothing else in the product sets a status column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from runwright.db.database import upsert
from runwright.executions.items import ItemPlace, ItemState
from runwright.executions.models import block_runs, executions, map_items
from runwright.executions.repository import ROW_COLUMNS, execution_row
from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.status import (
    BLOCK_TRANSITIONS,
    EXECUTION_TRANSITIONS,
    LIVE,
    SETTLED,
    Status,
    require,
    sources,
)
from runwright.kit.clock import Millis

_BLOCK_COLUMNS = [column.name for column in block_runs.columns if column.name not in ("execution_id", "key")]


class Fenced(Exception):
    """The execution is no longer ours to drive: cancelled, or taken over by another worker."""


class Moved(Exception):
    """Somebody changed the execution while the driver was about to leave it (a review was decided, a call ended, a
    callback came in): it must look again."""


@dataclass(frozen=True, slots=True)
class NewExecution:
    """All that is known of an execution when it is made; JSON fields as text."""

    id: str
    org_id: str
    project_id: str
    workflow_id: str
    workflow_version_id: str
    workflow_name: str
    block_count: int
    trigger_type: str
    trigger_payload: str
    trigger_metadata: str
    preview: bool = False
    parent_id: str | None = None
    depth: int = 0


def create(conn: sa.Connection, new: NewExecution, *, now: Millis) -> None:
    """Insert a pending execution, due at once."""
    conn.execute(
        executions.insert(),
        {
            "id": new.id,
            "org_id": new.org_id,
            "project_id": new.project_id,
            "workflow_id": new.workflow_id,
            "workflow_version_id": new.workflow_version_id,
            "workflow_name": new.workflow_name,
            "status": Status.PENDING.value,
            "block_count": new.block_count,
            "preview": new.preview,
            "trigger_type": new.trigger_type,
            "trigger_payload": new.trigger_payload,
            "trigger_metadata": new.trigger_metadata,
            "created_at": now,
            "updated_at": now,
            "revision": 1,
            "due_at": now,
            "parent_id": new.parent_id,
            "depth": new.depth,
        },
    )


def claim(conn: sa.Connection, ids: Sequence[str], *, stretch: str, fence: str, now: Millis) -> list[ExecutionRow]:
    """Take due executions for a stretch; those that are settled, not due or held by another stretch are left out.

    A later attempt of the same stretch takes over from an earlier one, whose writes then count no more.
    """
    statement = (
        executions.update()
        .where(
            executions.c.id.in_(ids),
            executions.c.status.in_([status.value for status in LIVE]),
            executions.c.due_at <= now,
            sa.or_(executions.c.stretch.is_(None), executions.c.stretch == stretch),
        )
        .values(stretch=stretch, fence=fence)
        .returning(*ROW_COLUMNS)
    )
    return [execution_row(row) for row in conn.execute(statement)]


def release(conn: sa.Connection, stretches: Sequence[str], *, now: Millis) -> int:
    """Let go of everything these stretches hold, so that another worker drives it on; how many that were."""
    statement = (
        executions.update().where(executions.c.stretch.in_(stretches)).values(stretch=None, fence=None, due_at=now)
    )
    return conn.execute(statement).rowcount


@dataclass(frozen=True, slots=True)
class Ending:
    """How a stretch ends: the execution's status from then on, and when it wants to be driven again."""

    status: Status
    error: str | None = None
    due_at: Millis | None = None
    revision: int | None = None
    """The execution's revision as the driver knows it, when it leaves an execution that goes on later: nothing that
    was written meanwhile may be overlooked."""


_RUNNING_SOURCES = [status.value for status in sources(EXECUTION_TRANSITIONS, Status.RUNNING)]
_GUARD = [
    executions.c.id == sa.bindparam("execution"),
    executions.c.fence == sa.bindparam("guard"),
]
_GO_ON = (
    executions.update()
    .where(*_GUARD, executions.c.status.in_(_RUNNING_SOURCES))
    .values(
        status=Status.RUNNING.value,
        updated_at=sa.bindparam("now"),
        started_at=sa.func.coalesce(executions.c.started_at, sa.bindparam("now")),
        revision=executions.c.revision + 1,
    )
)
_END = (
    executions.update()
    .where(*_GUARD, executions.c.status.in_([status.value for status in LIVE]))
    .values(
        status=sa.bindparam("to"),
        updated_at=sa.bindparam("now"),
        started_at=sa.func.coalesce(executions.c.started_at, sa.bindparam("now")),
        finished_at=sa.bindparam("finished"),
        error=sa.bindparam("message"),
        due_at=sa.bindparam("due"),
        stretch=None,
        fence=None,
        revision=executions.c.revision + 1,
    )
)
_LEAVE = _END.where(executions.c.revision == sa.bindparam("known"))


def checkpoint(
    conn: sa.Connection,
    execution_id: str,
    *,
    fence: str,
    blocks: Sequence[tuple[Status, BlockState]],
    ending: Ending | None,
    now: Millis,
) -> None:
    """The driver's commit: blocks that changed, each with the status it had before, and the end of the stretch.

    Raises:
        Fenced: the execution is settled, or another stretch holds it.
        Moved: somebody else changed the execution, which the driver was about to leave for later.
    """
    guard = {"execution": execution_id, "guard": fence, "now": now}
    if ending is None:
        changed = conn.execute(_GO_ON, guard).rowcount
    else:
        changed = conn.execute(
            _END if ending.revision is None else _LEAVE,
            {
                **guard,
                "to": ending.status.value,
                "finished": now if ending.status in SETTLED else None,
                "message": ending.error,
                "due": ending.due_at,
                **({} if ending.revision is None else {"known": ending.revision}),
            },
        ).rowcount
    if changed != 1:
        raise _lost(conn, execution_id, fence=fence)
    _write_blocks(conn, execution_id, blocks)


def require_held(conn: sa.Connection, execution_id: str, *, fence: str) -> None:
    """Make sure that what is written next for an execution is written by the one who drives it.

    Raises:
        Fenced: the execution is settled, or another stretch holds it.
    """
    statement = sa.select(executions.c.id).where(executions.c.id == execution_id, executions.c.fence == fence)
    if conn.execute(statement.with_for_update()).first() is None:
        raise Fenced(execution_id)


def _lost(conn: sa.Connection, execution_id: str, *, fence: str) -> Fenced | Moved:
    """Why a commit of the driver found nothing to change."""
    statement = sa.select(executions.c.id).where(executions.c.id == execution_id, executions.c.fence == fence)
    return Fenced(execution_id) if conn.execute(statement).first() is None else Moved(execution_id)


def _write_blocks(conn: sa.Connection, execution_id: str, blocks: Iterable[tuple[Status, BlockState]]) -> None:
    rows = []
    for before, state in blocks:
        require(BLOCK_TRANSITIONS, before, state.status)
        rows.append(_block_row(execution_id, state))
    if rows:
        upsert(conn, block_runs, rows, update=_BLOCK_COLUMNS)


def _block_row(execution_id: str, state: BlockState) -> dict[str, object]:
    return {
        "execution_id": execution_id,
        "key": state.key,
        "status": state.status.value,
        "attempt": state.attempt,
        "round": state.round,
        "started_at": state.started_at,
        "finished_at": state.finished_at,
        "due_at": state.due_at,
        "output": state.output,
        "branch": state.branch,
        "error": state.error,
        "reason": state.reason,
    }


def wake(conn: sa.Connection, execution_id: str, *, now: Millis) -> bool:
    """Something a live execution waits for has happened: have it driven, or its driver look again; False if settled."""
    statement = (
        executions.update()
        .where(executions.c.id == execution_id, executions.c.status.in_([status.value for status in LIVE]))
        .values(updated_at=now, due_at=now, revision=executions.c.revision + 1)
    )
    return conn.execute(statement).rowcount == 1


_ITEM_COLUMNS = [column.name for column in map_items.columns if not column.primary_key]


def write_items(conn: sa.Connection, place: ItemPlace, states: Iterable[ItemState]) -> None:
    """Write what became of items of a ``map`` block; the caller made sure that the execution is its own to drive."""
    whose = {"execution_id": place.execution_id, "block_key": place.block_key, "round": place.round}
    rows = [
        {
            **whose,
            "item": state.item,
            "status": state.status.value,
            "attempt": state.attempt,
            "started_at": state.started_at,
            "finished_at": state.finished_at,
            "due_at": state.due_at,
            "output": state.output,
            "error": state.error,
        }
        for state in states
    ]
    upsert(conn, map_items, rows, update=_ITEM_COLUMNS)


def settle_review(
    conn: sa.Connection, execution_id: str, *, before: BlockState, after: BlockState, now: Millis
) -> bool:
    """Write what a review decided of its block and make the execution due; False when it is settled already."""
    require(BLOCK_TRANSITIONS, before.status, after.status)
    statement = (
        executions.update()
        .where(
            executions.c.id == execution_id,
            executions.c.status.in_([status.value for status in LIVE]),
        )
        .values(status=Status.RUNNING.value, updated_at=now, due_at=now, revision=executions.c.revision + 1)
    )
    if conn.execute(statement).rowcount != 1:
        return False
    upsert(conn, block_runs, [_block_row(execution_id, after)], update=_BLOCK_COLUMNS)
    return True


def settle_beforehand(conn: sa.Connection, execution_id: str, states: Sequence[BlockState], *, now: Millis) -> None:
    """Settle blocks of an execution that was just made and that are not to run in it; it counts as running then."""
    statement = (
        executions.update()
        .where(executions.c.id == execution_id, executions.c.status == Status.PENDING.value)
        .values(status=Status.RUNNING.value, updated_at=now, started_at=now, revision=executions.c.revision + 1)
    )
    if conn.execute(statement).rowcount == 1:
        _write_blocks(conn, execution_id, ((Status.PENDING, state) for state in states))


def cancel(
    conn: sa.Connection,
    execution_id: str,
    *,
    unsettled: Sequence[BlockState],
    reason: str,
    now: Millis,
) -> bool:
    """Cancel an execution with all its unsettled blocks; False when it was settled already."""
    statement = (
        executions.update()
        .where(
            executions.c.id == execution_id,
            executions.c.status.in_([s.value for s in sources(EXECUTION_TRANSITIONS, Status.CANCELLED)]),
        )
        .values(
            status=Status.CANCELLED.value,
            cancel_requested_at=now,
            cancel_reason=reason,
            finished_at=now,
            updated_at=now,
            due_at=None,
            stretch=None,
            fence=None,
            revision=executions.c.revision + 1,
        )
    )
    if conn.execute(statement).rowcount != 1:
        return False
    _write_blocks(conn, execution_id, ((state.status, _cancelled(state, reason, now)) for state in unsettled))
    return True


def _cancelled(state: BlockState, reason: str, now: Millis) -> BlockState:
    # What a block under review proposed was accepted by nobody: it does not become its output.
    return state.but(status=Status.CANCELLED, finished_at=now, due_at=None, output=None, reason=reason)

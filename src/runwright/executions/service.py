"""What can be done with executions: make one, cancel one, look at one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from runwright.executions import calls, repository, transitions
from runwright.executions.signals import Signal, announce
from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.status import LIVE
from runwright.executions.transitions import NewExecution
from runwright.executions.view import ExecutionView
from runwright.kit.clock import Millis
from runwright.workflows.cache import load_definition

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Created:
    """A new execution, and those it superseded."""

    execution_id: str
    cancelled: tuple[str, ...] = ()


def create(conn: sa.Connection, new: NewExecution, *, now: Millis, cancel_previous: bool = False) -> Created:
    """Make an execution; with ``cancel_previous`` the workflow's earlier API-triggered ones end in the same unit.

    The caller holds the workflow's row lock when cancelling, so that of concurrent triggers exactly one survives.
    """
    cancelled = _supersede(conn, new, now=now) if cancel_previous else ()
    transitions.create(conn, new, now=now)
    announce(conn, Signal.DUE, new.id)
    return Created(execution_id=new.id, cancelled=cancelled)


def _supersede(conn: sa.Connection, new: NewExecution, *, now: Millis) -> tuple[str, ...]:
    reason = f"Superseded by execution {new.id}"
    older = repository.live_api_executions(conn, new.workflow_id)
    return tuple(ended for row in older for ended in cancel(conn, row, reason=reason, now=now))


def cancel(conn: sa.Connection, row: ExecutionRow, *, reason: str, now: Millis) -> tuple[str, ...]:
    """Cancel an execution and its unsettled blocks, and what these called; the ids of those that were cancelled.

    There are none when it was settled already. The caller sends ``Signal.CANCELLED`` for them after the commit, which
    interrupts the blocks that run.
    """
    from runwright.reviews.repository import close_open

    if not transitions.cancel(conn, row.id, unsettled=_unsettled(conn, row), reason=reason, now=now):
        return ()
    close_open(conn, row.id, now=now)
    announce(conn, Signal.CANCELLED, row.id)
    if row.parent_id is not None:
        calls.wake(conn, row.parent_id, now=now)
    because = f"The execution that called it, {row.id}, was cancelled: {reason}"
    called = calls.live_children(conn, row.id)
    return (row.id, *(ended for child in called for ended in cancel(conn, child, reason=because, now=now)))


def _unsettled(conn: sa.Connection, row: ExecutionRow) -> Sequence[BlockState]:
    definition = load_definition(conn, row.workflow_version_id)
    known = repository.blocks_of(conn, row.id)
    states = (known.get(key) or BlockState(key) for key in definition.order)
    return [state for state in states if state.status in LIVE]


def view(conn: sa.Connection, row: ExecutionRow) -> ExecutionView:
    """Everything needed to show an execution."""
    return ExecutionView(
        row=row,
        blocks=repository.blocks_of(conn, row.id),
        definition=load_definition(conn, row.workflow_version_id),
    )

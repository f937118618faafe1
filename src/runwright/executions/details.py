"""Runs as the management of runs shows them: with progress, cost and the requests that were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from runwright.accounts.models import usage_entries
from runwright.errors import NotFound
from runwright.executions import items, repository, service
from runwright.executions.calls import CalledExecution, called_by, descendants
from runwright.executions.items import ItemCounts
from runwright.executions.models import checkpoints
from runwright.executions.request_details import detail_of
from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.view import ExecutionView
from runwright.kit.json import Json
from runwright.workflows.models import workflow_versions


@dataclass(frozen=True, slots=True)
class ExecutionDetails:
    """An execution with what is counted of it; ``full`` only for one that is looked at by itself."""

    row: ExecutionRow
    completed_blocks: int
    cost_micros: int
    version_number: int | None = None
    full: ExecutionView | None = None
    requests: Sequence[dict[str, Json]] = field(default_factory=list)
    called: Sequence[CalledExecution] = ()
    items: Mapping[str, ItemCounts] = field(default_factory=dict)

    @property
    def view(self) -> ExecutionView:
        """The blocks, which a line of a list does not have."""
        assert self.full is not None
        return self.full

    def state(self, key: str) -> BlockState:
        """A block's state; one that was not touched yet is pending."""
        return self.view.blocks.get(key) or BlockState(key)


def costs(conn: sa.Connection, ids: Sequence[str]) -> dict[str, int]:
    """What each execution has cost with all that it called, in millionths of a US dollar; free ones are absent."""
    family = descendants(ids)
    statement = (
        sa.select(family.c.root, sa.func.sum(usage_entries.c.cost_micros))
        .join(usage_entries, usage_entries.c.execution_id == family.c.id)
        .group_by(family.c.root)
    )
    return {execution_id: int(total) for execution_id, total in conn.execute(statement)}


def with_counts(conn: sa.Connection, rows: Sequence[ExecutionRow]) -> list[ExecutionDetails]:
    """Executions with progress and cost, for a list."""
    ids = [row.id for row in rows]
    completed, cost = repository.completed_blocks(conn, ids), costs(conn, ids)
    return [
        ExecutionDetails(row=row, completed_blocks=completed.get(row.id, 0), cost_micros=cost.get(row.id, 0))
        for row in rows
    ]


def get_details(conn: sa.Connection, org_id: str, execution_id: str) -> ExecutionDetails:
    """One execution with everything.

    Raises:
        NotFound: the organization has no such execution.
    """
    row = get_row(conn, org_id, execution_id)
    return ExecutionDetails(
        row=row,
        completed_blocks=repository.completed_blocks(conn, [row.id]).get(row.id, 0),
        cost_micros=costs(conn, [row.id]).get(row.id, 0),
        version_number=_version_number(conn, row.workflow_version_id),
        full=service.view(conn, row),
        requests=_requests(conn, row.id),
        called=called_by(conn, row.id),
        items=items.counts(conn, row.id),
    )


def get_row(conn: sa.Connection, org_id: str, execution_id: str) -> ExecutionRow:
    """One execution's row.

    Raises:
        NotFound: the organization has no such execution.
    """
    row = repository.get(conn, org_id, execution_id)
    if row is None:
        raise NotFound("Execution not found")
    return row


def _version_number(conn: sa.Connection, version_id: str) -> int | None:
    return conn.execute(sa.select(workflow_versions.c.number).where(workflow_versions.c.id == version_id)).scalar()


MAX_REQUESTS: Final = 1_000
"""How many requests of a run are shown with it, the first ones: a map of agents makes tens of thousands."""

_REQUEST = [column for column in checkpoints.columns if column.name not in ("execution_id", "request_hash")]


def _requests(conn: sa.Connection, execution_id: str) -> list[dict[str, Json]]:
    statement = (
        sa.select(*_REQUEST)
        .where(checkpoints.c.execution_id == execution_id)
        .order_by(checkpoints.c.started_at, checkpoints.c.name)
        .limit(MAX_REQUESTS)
    )
    return [_with_detail(dict(row._mapping)) for row in conn.execute(statement)]


def _with_detail(request: dict[str, Json]) -> dict[str, Json]:
    return {**request, "detail": detail_of(request["kind"], request.pop("response"))}

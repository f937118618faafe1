"""What the next run of a workflow will probably cost and take, by its last ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from runwright.errors import NotFound
from runwright.executions.details import costs
from runwright.executions.models import executions
from runwright.executions.status import Status
from runwright.kit.clock import Millis
from runwright.kit.money import Micros
from runwright.workflows.models import workflows

LOOKED_AT: Final = 20
"""How many runs are looked at, the newest that completed."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Typical is the median of the runs looked at, high their ninth tenth; None when there are no runs."""

    runs: int
    typical_cost: Micros | None = None
    high_cost: Micros | None = None
    typical_millis: Millis | None = None
    high_millis: Millis | None = None


def estimate(conn: sa.Connection, org_id: str, workflow_id: str) -> Estimate:
    """Look at the last completed runs of a workflow, whatever their version.

    Raises:
        NotFound: the organization has no such workflow.
    """
    known = sa.select(workflows.c.id).where(workflows.c.id == workflow_id, workflows.c.org_id == org_id)
    if conn.execute(known).first() is None:
        raise NotFound("Workflow not found")
    runs = conn.execute(
        sa.select(executions.c.id, executions.c.started_at, executions.c.finished_at)
        .where(executions.c.workflow_id == workflow_id, executions.c.status == Status.COMPLETED.value)
        .order_by(executions.c.id.desc())
        .limit(LOOKED_AT)
    ).all()
    if not runs:
        return Estimate(runs=0)
    spent = costs(conn, [run.id for run in runs])
    cost = sorted(spent.get(run.id, 0) for run in runs)
    millis = sorted(run.finished_at - run.started_at for run in runs)
    return Estimate(
        runs=len(runs),
        typical_cost=_at(cost, 0.5),
        high_cost=_at(cost, 0.9),
        typical_millis=_at(millis, 0.5),
        high_millis=_at(millis, 0.9),
    )


def _at(values: list[int], share: float) -> int:
    """The value that this share of the sorted values does not exceed."""
    return values[min(len(values) - 1, int(len(values) * share))]

"""What the blocks of a workflow made last, over its recent executions: data to try a single block with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from runwright.executions.models import block_runs, executions
from runwright.executions.status import Status
from runwright.kit.clock import Millis
from runwright.kit.json import loads

_RECENT = 100
"""How many executions are looked through."""


@dataclass(frozen=True, slots=True)
class LastOutput:
    """The newest output of one block, and the execution that made it."""

    key: str
    output: str
    execution_id: str
    finished_at: Millis | None


@dataclass(frozen=True, slots=True)
class LastData:
    """``inputs`` are those of the newest execution; none when there is no execution."""

    inputs: Mapping[str, str]
    outputs: Sequence[LastOutput]


def last_data(conn: sa.Connection, org_id: str, workflow_id: str) -> LastData:
    """The newest output of each block that really ran, and the newest context variables."""
    own = sa.and_(executions.c.workflow_id == workflow_id, executions.c.org_id == org_id)
    newest_first = executions.c.id.desc()
    payload = conn.execute(sa.select(executions.c.trigger_payload).where(own).order_by(newest_first).limit(1)).scalar()
    recent = sa.select(executions.c.id).where(own).order_by(newest_first).limit(_RECENT).scalar_subquery()
    newest = (
        sa.select(block_runs.c.key, sa.func.max(block_runs.c.execution_id).label("execution_id"))
        .where(
            block_runs.c.execution_id.in_(recent),
            block_runs.c.status == Status.COMPLETED.value,
            block_runs.c.output.is_not(None),
            # A block that was settled beforehand has no start: its output is of another execution, or made up.
            block_runs.c.started_at.is_not(None),
        )
        .group_by(block_runs.c.key)
        .subquery()
    )
    found = conn.execute(
        sa.select(block_runs.c.key, block_runs.c.output, block_runs.c.execution_id, block_runs.c.finished_at).join(
            newest,
            sa.and_(block_runs.c.key == newest.c.key, block_runs.c.execution_id == newest.c.execution_id),
        )
    )
    return LastData(
        inputs={} if payload is None else loads(payload),
        outputs=[LastOutput(**row._mapping) for row in found],
    )

"""Taking executions over: claim their rows, and read all that driving them needs, in one unit of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from runwright.blocks.base import Feedback
from runwright.executions import repository, transitions
from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.status import Status
from runwright.kit.clock import Millis
from runwright.reviews import repository as reviews
from runwright.reviews.service import decide_overdue
from runwright.workflows.cache import load_definition
from runwright.workflows.definition import WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Claimed:
    """An execution that is ours to drive, as the database has it."""

    row: ExecutionRow
    definition: WorkflowDefinition
    blocks: Mapping[str, BlockState]
    feedback: Mapping[str, Feedback]


def take(conn: sa.Connection, ids: Sequence[str], *, stretch: str, fence: str, now: Millis) -> list[Claimed]:
    """Claim what can be claimed of these executions, take overdue review decisions, and load the rest."""
    rows = transitions.claim(conn, ids, stretch=stretch, fence=fence, now=now)
    if not rows:
        return []
    waiting = [row.id for row in rows if row.status is Status.REVIEW_PENDING or row.status is Status.RUNNING]
    if waiting:
        decide_overdue(conn, waiting, now=now)
    blocks = repository.blocks_of_many(conn, [row.id for row in rows])
    return [
        Claimed(
            row=row,
            definition=load_definition(conn, row.workflow_version_id),
            blocks=blocks[row.id],
            feedback=feedback_for(conn, row.id, blocks[row.id]),
        )
        for row in rows
    ]


def feedback_for(conn: sa.Connection, execution_id: str, blocks: Mapping[str, BlockState]) -> dict[str, Feedback]:
    """What reviewers said of the blocks that were sent back; asks nothing when none was."""
    if not any(state.round for state in blocks.values()):
        return {}
    return {
        key: Feedback(comment=review.comment or "", previous_output=review.proposed_output)
        for key, review in reviews.last_feedback(conn, execution_id).items()
    }

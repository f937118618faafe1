"""Reviews in the database. A decision is written once: the row of a decided review never changes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from runwright.blocks.base import ReviewKind
from runwright.kit.clock import Millis
from runwright.reviews.models import reviews


@dataclass(frozen=True, slots=True)
class Review:
    """One row of ``reviews``."""

    id: str
    org_id: str
    project_id: str
    execution_id: str
    block_key: str
    round: int
    kind: str
    message: str
    proposed_output: str | None
    deadline_at: Millis | None
    default_decision: str | None
    created_at: Millis
    decision: str | None = None
    comment: str | None = None
    edited_output: str | None = None
    decided_by: str | None = None
    decided_at: Millis | None = None


_COLUMNS = [reviews.c[name] for name in Review.__slots__]


def _review(row: sa.Row[tuple[object, ...]]) -> Review:
    return Review(**row._mapping)


def add(conn: sa.Connection, review: Review) -> None:
    """Open a review."""
    conn.execute(reviews.insert(), {name: getattr(review, name) for name in Review.__slots__})


def get(conn: sa.Connection, org_id: str, review_id: str) -> Review | None:
    """One review of an organization."""
    row = conn.execute(sa.select(*_COLUMNS).where(reviews.c.org_id == org_id, reviews.c.id == review_id)).first()
    return None if row is None else _review(row)


def list_page(
    conn: sa.Connection,
    org_id: str,
    *,
    limit: int,
    cursor: str | None = None,
    open_only: bool = True,
    execution_id: str | None = None,
    project_id: str | None = None,
) -> list[Review]:
    """Up to ``limit`` reviews older than the cursor, newest first."""
    wanted = [reviews.c.org_id == org_id]
    if open_only:
        wanted.append(reviews.c.decision.is_(None))
    if cursor is not None:
        wanted.append(reviews.c.id < cursor)
    if execution_id is not None:
        wanted.append(reviews.c.execution_id == execution_id)
    if project_id is not None:
        wanted.append(reviews.c.project_id == project_id)
    statement = sa.select(*_COLUMNS).where(*wanted).order_by(reviews.c.id.desc()).limit(limit)
    return [_review(row) for row in conn.execute(statement)]


def decide(
    conn: sa.Connection,
    review_id: str,
    *,
    decision: str,
    comment: str | None,
    edited_output: str | None,
    decided_by: str | None,
    now: Millis,
) -> bool:
    """Write the decision, if none was written before; whether it was."""
    statement = (
        reviews.update()
        .where(reviews.c.id == review_id, reviews.c.decision.is_(None))
        .values(
            decision=decision,
            comment=comment,
            edited_output=edited_output,
            decided_by=decided_by,
            decided_at=now,
        )
    )
    return conn.execute(statement).rowcount == 1


def close_open(conn: sa.Connection, execution_id: str, *, now: Millis) -> None:
    """Close what is still open of a cancelled execution."""
    conn.execute(
        reviews.update()
        .where(reviews.c.execution_id == execution_id, reviews.c.decision.is_(None))
        .values(decision="cancelled", decided_at=now)
    )


def overdue(conn: sa.Connection, execution_ids: Sequence[str], *, now: Millis) -> list[Review]:
    """Open reviews of these executions whose deadline has passed."""
    statement = sa.select(*_COLUMNS).where(
        reviews.c.execution_id.in_(execution_ids), reviews.c.decision.is_(None), reviews.c.deadline_at <= now
    )
    return [_review(row) for row in conn.execute(statement)]


APPROVE: Final = "approve"
CHEAPER_MODEL: Final = "cheaper_model"
GOES_ON: Final = frozenset({APPROVE, CHEAPER_MODEL})
"""Decisions after which more may be spent."""


def cost_reviews(conn: sa.Connection, execution_id: str) -> list[Review]:
    """What people were asked about the costs of an execution, the oldest first."""
    statement = (
        sa.select(*_COLUMNS)
        .where(reviews.c.execution_id == execution_id, reviews.c.kind == ReviewKind.COST.value)
        .order_by(reviews.c.id)
    )
    return [_review(row) for row in conn.execute(statement)]


def last_feedback(conn: sa.Connection, execution_id: str) -> dict[str, Review]:
    """For each block of an execution that was sent back, the latest such review."""
    statement = (
        sa.select(*_COLUMNS)
        .where(reviews.c.execution_id == execution_id, reviews.c.decision == "send_back")
        .order_by(reviews.c.round)
    )
    return {row.block_key: _review(row) for row in conn.execute(statement)}

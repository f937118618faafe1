"""Deciding reviews: approve, approve with an edit, send back, reject; by a person, or by the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from runwright.accounts.models import users
from runwright.artifacts.repository import Blob
from runwright.artifacts.service import RunPlace, accept_output
from runwright.blocks.base import ReviewKind
from runwright.errors import Conflict, Invalid, NotFound
from runwright.executions import repository as executions
from runwright.executions import transitions
from runwright.executions.models import executions as execution_table
from runwright.executions.service import cancel
from runwright.executions.signals import Signal, announce
from runwright.executions.state import BlockState
from runwright.executions.status import Status
from runwright.kit.clock import Millis, iso
from runwright.reviews import repository
from runwright.reviews.repository import Review
from runwright.workflows.cache import load_definition


class Decision(StrEnum):
    """What can be decided. ``cheaper_model`` goes on with the model the workflow names for it; of costs only."""

    APPROVE = "approve"
    CHEAPER_MODEL = "cheaper_model"
    SEND_BACK = "send_back"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision as a person gives it; an edited output goes with approval alone."""

    decision: Decision
    comment: str | None = None
    edited_output: str | None = None


def decide(
    conn: sa.Connection,
    org_id: str,
    review_id: str,
    *,
    verdict: Verdict,
    user_id: str | None,
    now: Millis,
    edited: Blob | None = None,
) -> Review:
    """Take a decision; the caller sends ``Signal.DUE`` for the execution after the commit.

    ``edited`` is what :func:`runwright.reviews.filing.keep_edited` gave for the same verdict.

    Raises:
        NotFound: no such review in this organization.
        Conflict: it was decided before; the message says by whom and when.
        Invalid: the parts of the verdict do not fit together.
    """
    review = repository.get(conn, org_id, review_id)
    if review is None:
        raise NotFound("There is no such review.")
    _check(conn, review, verdict)
    if review.decision is not None:
        raise _decided_before(conn, review)
    written = repository.decide(
        conn,
        review.id,
        decision=verdict.decision.value,
        comment=verdict.comment,
        edited_output=verdict.edited_output,
        decided_by=user_id,
        now=now,
    )
    decided = repository.get(conn, org_id, review_id)
    assert decided is not None
    if not written:
        raise _decided_before(conn, decided)
    _apply(conn, review, verdict, now=now, edited=edited)
    return decided


def _check(conn: sa.Connection, review: Review, verdict: Verdict) -> None:
    if review.kind == ReviewKind.COST:
        _check_cost(conn, review, verdict)
    elif verdict.decision is Decision.CHEAPER_MODEL:
        raise Invalid("This review is about an output, not about costs: approve, send_back or reject.")
    if verdict.edited_output is not None and verdict.decision is not Decision.APPROVE:
        raise Invalid("An edited output goes with approval only: leave edited_output out, or approve.")
    if verdict.edited_output is not None and review.proposed_output is None:
        raise Invalid("This review has no output to edit: leave edited_output out.")
    if verdict.decision is Decision.SEND_BACK and not (verdict.comment or "").strip():
        raise Invalid("Sending back needs a comment: say what should change.")


def _check_cost(conn: sa.Connection, review: Review, verdict: Verdict) -> None:
    if verdict.decision is Decision.SEND_BACK:
        raise Invalid("This review is about costs: approve, cheaper_model or reject.")
    if verdict.decision is Decision.CHEAPER_MODEL and cheaper_model(conn, review) is None:
        raise Invalid("The workflow names no cheaper model; it would be limits.cheaper_model in its file.")


def cheaper_model(conn: sa.Connection, review: Review) -> str | None:
    """The model that can be chosen in a review about costs."""
    row = executions.find(conn, review.execution_id)
    if row is None or review.kind != ReviewKind.COST:
        return None
    return load_definition(conn, row.workflow_version_id).limits.cheaper_model


def _decided_before(conn: sa.Connection, review: Review) -> Conflict:
    who = "its deadline" if review.decision != "cancelled" else "the execution's cancellation"
    if review.decided_by is not None:
        name = conn.execute(sa.select(users.c.name).where(users.c.id == review.decided_by)).scalar()
        who = name or "a user who was deleted since"
    return Conflict(
        f"This review was decided already: {review.decision} by {who} at {iso(review.decided_at)}.",
        details={"decision": review.decision, "decided_by": review.decided_by, "decided_at": iso(review.decided_at)},
    )


def _apply(conn: sa.Connection, review: Review, verdict: Verdict, *, now: Millis, edited: Blob | None) -> None:
    if review.kind == ReviewKind.COST and verdict.decision is Decision.REJECT:
        _stop(conn, review, verdict, now=now)
        return
    before = executions.blocks_of(conn, review.execution_id).get(review.block_key)
    if before is None or before.status is not Status.REVIEW_PENDING:
        raise Conflict("The block no longer waits for this review.")
    after = _after(review, before, verdict, now=now)
    if not transitions.settle_review(conn, review.execution_id, before=before, after=after, now=now):
        raise Conflict("The execution has ended; there is nothing left to review.")
    if after.status is Status.COMPLETED:
        accept_output(conn, _place(review), edited=edited, now=now)
    announce(conn, Signal.DUE, review.execution_id)


def _place(review: Review) -> RunPlace:
    return RunPlace(
        org_id=review.org_id,
        project_id=review.project_id,
        execution_id=review.execution_id,
        block_key=review.block_key,
        round=review.round,
    )


def _stop(conn: sa.Connection, review: Review, verdict: Verdict, *, now: Millis) -> None:
    said = f": {verdict.comment}" if verdict.comment else ""
    row = executions.find(conn, review.execution_id)
    if row is None or not cancel(conn, row, reason=f"Stopped at its cost ceiling{said}", now=now):
        raise Conflict("The execution has ended; there is nothing left to review.")


def _after(review: Review, before: BlockState, verdict: Verdict, *, now: Millis) -> BlockState:
    if review.kind == ReviewKind.COST:
        # It goes on as the same attempt, so that what was answered and paid for counts.
        return before.but(status=Status.PENDING, due_at=None)
    if verdict.decision is Decision.SEND_BACK:
        return BlockState(before.key, round=before.round + 1)
    if verdict.decision is Decision.REJECT:
        said = f": {verdict.comment}" if verdict.comment else ""
        return before.but(
            status=Status.FAILED, finished_at=now, due_at=None, output=None, error=f"Rejected in review{said}"
        )
    output = new_output(review, verdict)
    if output is None:
        output = review.proposed_output if review.proposed_output is not None else Decision.APPROVE.value
    return before.but(status=Status.COMPLETED, finished_at=now, due_at=None, output=output)


def new_output(review: Review, verdict: Verdict) -> str | None:
    """The output that an approval brings with it; None: it stays as it was proposed, or says no more than approve."""
    if verdict.decision is not Decision.APPROVE:
        return None
    if verdict.edited_output is not None:
        return verdict.edited_output
    return verdict.comment or None if review.proposed_output is None else None


def decide_overdue(conn: sa.Connection, execution_ids: list[str], *, now: Millis) -> None:
    """Take the default decision of every review of these executions whose deadline has passed."""
    for review in repository.overdue(conn, execution_ids, now=now):
        decision = Decision(review.default_decision or Decision.REJECT.value)
        comment = "nobody decided before the deadline"
        decide(
            conn,
            review.org_id,
            review.id,
            verdict=Verdict(decision=decision, comment=comment if decision is Decision.REJECT else None),
            user_id=None,
            now=now,
        )


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A review with the names a person reads."""

    review: Review
    workflow_id: str
    workflow_name: str
    decided_by_name: str | None
    cheaper_model: str | None


def show(conn: sa.Connection, found: Sequence[Review]) -> list[ShownReview]:
    """Reviews with their workflows' names and their deciders'."""
    ids = {review.execution_id for review in found}
    rows = conn.execute(
        sa.select(execution_table.c.id, execution_table.c.workflow_id, execution_table.c.workflow_name).where(
            execution_table.c.id.in_(ids)
        )
    )
    workflows = {row.id: row for row in rows}
    deciders = {review.decided_by for review in found if review.decided_by is not None}
    names = dict(conn.execute(sa.select(users.c.id, users.c.name).where(users.c.id.in_(deciders))).tuples().all())
    return [
        ShownReview(
            review=review,
            workflow_id=workflows[review.execution_id].workflow_id,
            workflow_name=workflows[review.execution_id].workflow_name,
            decided_by_name=names.get(review.decided_by or ""),
            cheaper_model=cheaper_model(conn, review),
        )
        for review in found
    ]


def get(conn: sa.Connection, org_id: str, review_id: str) -> ShownReview:
    """One review.

    Raises:
        NotFound: no such review in this organization.
    """
    review = repository.get(conn, org_id, review_id)
    if review is None:
        raise NotFound("There is no such review.")
    return show(conn, [review])[0]

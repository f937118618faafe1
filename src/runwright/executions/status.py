"""The seven statuses, and which may follow which: the one table that every status change obeys."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Statuses of executions and of blocks, as the API page names them."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    REVIEW_PENDING = "review_pending"


SETTLED = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.SKIPPED})
"""Nothing follows these."""

LIVE = frozenset(Status) - SETTLED
"""Something still follows these."""

SETTLED_WELL = frozenset({Status.COMPLETED, Status.SKIPPED})
"""What ``completedBlocks`` counts."""

# Several steps may be committed at once (instant blocks go from pending to completed), so each set holds
# every status that can be reached before the next commit.
EXECUTION_TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset(Status) - {Status.PENDING},
    Status.RUNNING: frozenset(Status) - {Status.PENDING},
    Status.REVIEW_PENDING: frozenset({Status.REVIEW_PENDING, Status.RUNNING, Status.CANCELLED}),
}

BLOCK_TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset(Status) - {Status.PENDING},
    # Running to running: a further attempt, or the same one again after a crash.
    Status.RUNNING: frozenset(
        {Status.RUNNING, Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.REVIEW_PENDING}
    ),
    # Approved, sent back, rejected, cancelled.
    Status.REVIEW_PENDING: frozenset({Status.COMPLETED, Status.PENDING, Status.FAILED, Status.CANCELLED}),
}


class IllegalTransition(Exception):
    """A program error: a status was about to be followed by one that cannot follow it."""


def require(table: Mapping[Status, frozenset[Status]], before: Status, after: Status) -> None:
    """Check one change against a table of transitions.

    Raises:
        IllegalTransition: the change is not in the table.
    """
    if after not in table.get(before, frozenset()):
        raise IllegalTransition(f"{before} cannot become {after}")


def sources(table: Mapping[Status, frozenset[Status]], after: Status) -> list[Status]:
    """The statuses from which the given one can be reached."""
    return [before for before, following in table.items() if after in following]

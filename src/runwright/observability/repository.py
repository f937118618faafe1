"""The counts of live rows that metrics show: of the whole installation, so of no one organization."""

from __future__ import annotations

import sqlalchemy as sa

from runwright.engine.models import workers
from runwright.executions.models import executions
from runwright.kit.clock import Millis
from runwright.observability.metrics import LiveCounts
from runwright.reviews.models import reviews


def live_counts(conn: sa.Connection, *, now: Millis, dead_after: float) -> LiveCounts:
    """Count what is live at ``now``; a worker silent for ``dead_after`` seconds does not count."""
    due, oldest = _due(conn, now)
    return LiveCounts(
        by_status=_by_status(conn),
        due=due,
        oldest_due_seconds=max(0.0, (now - oldest) / 1000) if oldest is not None else 0.0,
        workers=_workers_alive(conn, since=now - int(dead_after * 1000)),
        open_reviews=_open_reviews(conn),
    )


def _by_status(conn: sa.Connection) -> dict[str, int]:
    query = (
        sa.select(executions.c.status, sa.func.count())
        .where(executions.c.finished_at.is_(None))
        .group_by(executions.c.status)
    )
    return dict(conn.execute(query).tuples().all())


def _due(conn: sa.Connection, now: Millis) -> tuple[int, Millis | None]:
    query = sa.select(sa.func.count(), sa.func.min(executions.c.due_at)).where(executions.c.due_at <= now)
    count, oldest = conn.execute(query).one()
    return count, oldest


def _workers_alive(conn: sa.Connection, *, since: Millis) -> int:
    query = sa.select(sa.func.count()).select_from(workers).where(workers.c.heartbeat_at >= since)
    return conn.execute(query).scalar_one()


def _open_reviews(conn: sa.Connection) -> int:
    query = sa.select(sa.func.count()).select_from(reviews).where(reviews.c.decision.is_(None))
    return conn.execute(query).scalar_one()

"""Table of the processes that drive executions, with their heartbeats."""

from __future__ import annotations

import sqlalchemy as sa

from runwright.db.metadata import metadata
from runwright.db.types import Id, Millis

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("host", sa.String, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started_at", Millis, nullable=False),
    sa.Column("heartbeat_at", Millis, nullable=False),
)

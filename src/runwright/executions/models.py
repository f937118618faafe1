"""Tables of executions and their blocks: what the API shows, and the engine's only checkpoint."""

from __future__ import annotations

import sqlalchemy as sa

from runwright.db.metadata import metadata
from runwright.db.types import Id, Micros, Millis

executions = sa.Table(
    "executions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("org_id", Id, nullable=False),
    sa.Column("project_id", Id, nullable=False),
    sa.Column("workflow_id", Id, nullable=False),
    sa.Column("workflow_version_id", Id, nullable=False),
    sa.Column("workflow_name", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("block_count", sa.Integer, nullable=False),
    sa.Column("preview", sa.Boolean, nullable=False),
    sa.Column("trigger_type", sa.String, nullable=False),
    sa.Column("trigger_payload", sa.Text, nullable=False),
    sa.Column("trigger_metadata", sa.Text, nullable=False),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("updated_at", Millis, nullable=False),
    sa.Column("started_at", Millis),
    sa.Column("finished_at", Millis),
    sa.Column("cancel_requested_at", Millis),
    sa.Column("cancel_reason", sa.String),
    sa.Column("error", sa.Text),
    # Grows with every change of the execution or its blocks: the ETag, and what long polls wait for.
    sa.Column("revision", sa.Integer, nullable=False),
    # From when on the execution wants a worker to drive it; None: settled, or waiting for a person.
    sa.Column("due_at", Millis),
    # The engine's stretch that drives it now, and the attempt of it whose writes count.
    sa.Column("stretch", sa.String),
    sa.Column("fence", sa.String),
    # The execution a block of which called this one, and how many calls deep it is; None and 0 when it was triggered.
    sa.Column("parent_id", Id),
    sa.Column("depth", sa.Integer, nullable=False, server_default="0"),
    sa.Index(
        "ix_executions_parent",
        "parent_id",
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_executions_due_at",
        "due_at",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_executions_stretch",
        "stretch",
        sqlite_where=sa.text("stretch IS NOT NULL"),
        postgresql_where=sa.text("stretch IS NOT NULL"),
    ),
    sa.Index("ix_executions_workflow", "workflow_id", "id"),
    sa.Index("ix_executions_org_project", "org_id", "project_id", "id"),
    sa.Index(
        "ix_executions_live",
        "workflow_id",
        "status",
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    ),
)

# A block that has not been touched yet has no row: it is pending.
block_runs = sa.Table(
    "block_runs",
    metadata,
    sa.Column("execution_id", Id, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("status", sa.String, nullable=False),
    # How often the block was tried in this round, counted from 1.
    sa.Column("attempt", sa.Integer, nullable=False),
    # How often a reviewer sent it back, counted from 0.
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("started_at", Millis),
    sa.Column("finished_at", Millis),
    # A wait or a pause before a retry goes on from this moment.
    sa.Column("due_at", Millis),
    sa.Column("output", sa.Text),
    sa.Column("branch", sa.String),
    sa.Column("error", sa.Text),
    sa.Column("reason", sa.Text),
)

# What was answered from outside during a block and must not be asked, or paid for, twice: model requests, tool calls.
checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("execution_id", Id, primary_key=True),
    sa.Column("block_key", sa.String, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("request_hash", sa.String, nullable=False),
    sa.Column("response", sa.Text, nullable=False),
    sa.Column("model", sa.String),
    sa.Column("input_tokens", sa.Integer),
    sa.Column("output_tokens", sa.Integer),
    # None: the price of this model is not known.
    sa.Column("cost_micros", Micros),
    sa.Column("started_at", Millis, nullable=False),
    sa.Column("finished_at", Millis, nullable=False),
)

# Which execution each call of a block started: a call has a name of its own, so that a crash starts it once.
calls = sa.Table(
    "calls",
    metadata,
    sa.Column("execution_id", Id, primary_key=True),
    sa.Column("block_key", sa.String, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("child_id", Id, nullable=False),
)

# The items of map blocks. One that was not begun has no row.
map_items = sa.Table(
    "map_items",
    metadata,
    sa.Column("execution_id", Id, primary_key=True),
    sa.Column("block_key", sa.String, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    # Its place in the list, counted from 0.
    sa.Column("item", sa.Integer, primary_key=True),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("started_at", Millis),
    sa.Column("finished_at", Millis),
    sa.Column("due_at", Millis),
    sa.Column("output", sa.Text),
    sa.Column("error", sa.Text),
)

# What was sent to the callback address of a wait block; the first one counts.
callbacks = sa.Table(
    "callbacks",
    metadata,
    sa.Column("execution_id", Id, primary_key=True),
    sa.Column("block_key", sa.String, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("received_at", Millis, nullable=False),
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("org_id", Id, primary_key=True),
    sa.Column("workflow_id", Id, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("body_hash", sa.String, nullable=False),
    sa.Column("execution_id", Id, nullable=False),
    sa.Column("created_at", Millis, nullable=False, index=True),
)

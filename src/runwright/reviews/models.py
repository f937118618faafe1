"""Tables of reviews: what a person was asked, and what was decided by whom."""

from __future__ import annotations

import sqlalchemy as sa

from runwright.db.metadata import metadata
from runwright.db.types import Id, Millis

reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("org_id", Id, nullable=False),
    sa.Column("project_id", Id, nullable=False),
    sa.Column("execution_id", Id, nullable=False),
    sa.Column("block_key", sa.String, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    # What is asked: whether an output is good, or whether more may be spent.
    sa.Column("kind", sa.String, nullable=False, server_default="output"),
    sa.Column("message", sa.Text, nullable=False),
    # What the block proposes; None for a review block, which has nothing of its own to show.
    sa.Column("proposed_output", sa.Text),
    sa.Column("deadline_at", Millis),
    sa.Column("default_decision", sa.String),
    # None while open; then approve, cheaper_model, send_back, reject or cancelled.
    sa.Column("decision", sa.String),
    sa.Column("comment", sa.Text),
    sa.Column("edited_output", sa.Text),
    # None when the deadline decided.
    sa.Column("decided_by", Id),
    sa.Column("decided_at", Millis),
    sa.Column("created_at", Millis, nullable=False),
    sa.Index("ix_reviews_execution", "execution_id", "block_key", "round"),
    sa.Index("ix_reviews_org_open", "org_id", "decision", "id"),
)

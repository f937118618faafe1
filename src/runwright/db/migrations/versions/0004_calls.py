"""Calls of other workflows, items of map blocks, callbacks, and reviews of what is spent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("executions") as table:
        table.add_column(sa.Column("parent_id", sa.String(), nullable=True))
        table.add_column(sa.Column("depth", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_executions_parent",
        "executions",
        ["parent_id"],
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    _calls()
    _map_items()
    _callbacks()
    # A block may ask about its costs, and more than once, in the same round as about its output.
    with op.batch_alter_table("reviews") as table:
        table.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="output"))
        table.drop_constraint("uq_reviews_execution_id_block_key_round", type_="unique")
    op.create_index("ix_reviews_execution", "reviews", ["execution_id", "block_key", "round"])


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("execution_id", sa.String(), nullable=False),
        sa.Column("block_key", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("child_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("execution_id", "block_key", "round", "attempt", "name", name=op.f("pk_calls")),
    )


def _map_items() -> None:
    op.create_table(
        "map_items",
        sa.Column("execution_id", sa.String(), nullable=False),
        sa.Column("block_key", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("output", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("execution_id", "block_key", "round", "item", name=op.f("pk_map_items")),
    )


def _callbacks() -> None:
    op.create_table(
        "callbacks",
        sa.Column("execution_id", sa.String(), nullable=False),
        sa.Column("block_key", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("execution_id", "block_key", name=op.f("pk_callbacks")),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: a downgrade would lose what the newer version stored.")

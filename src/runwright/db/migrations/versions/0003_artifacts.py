"""Files: contents in the blob store, what blocks and people saved, and what waits for a review."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_blobs()
    _create_artifacts()
    op.create_table(
        "proposed_artifacts",
        sa.Column("execution_id", sa.String(), nullable=False),
        sa.Column("block_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("blob_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_proposed_artifacts_blob_id")),
        sa.PrimaryKeyConstraint("execution_id", "block_key", name=op.f("pk_proposed_artifacts")),
    )
    op.create_index(op.f("ix_proposed_artifacts_blob_id"), "proposed_artifacts", ["blob_id"], unique=False)


def _create_blobs() -> None:
    op.create_table(
        "blobs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("doomed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blobs")),
    )
    op.create_index(op.f("ix_blobs_touched_at"), "blobs", ["touched_at"], unique=False)
    op.create_index(
        "ix_blobs_content",
        "blobs",
        ["owner", "sha256"],
        unique=True,
        sqlite_where=sa.text("doomed_at IS NULL"),
        postgresql_where=sa.text("doomed_at IS NULL"),
    )


def _create_artifacts() -> None:
    op.create_table(
        "artifacts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org_id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("execution_id", sa.String(), nullable=True),
        sa.Column("block_key", sa.String(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("blob_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_artifacts_blob_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artifacts")),
        sa.UniqueConstraint("execution_id", "block_key", name=op.f("uq_artifacts_execution_id_block_key")),
    )
    op.create_index(op.f("ix_artifacts_blob_id"), "artifacts", ["blob_id"], unique=False)
    op.create_index("ix_artifacts_org_project", "artifacts", ["org_id", "project_id", "id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: a downgrade would lose what the newer version stored.")

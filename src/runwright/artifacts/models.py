"""Tables of files: their names and owners, and the contents that the blob store keeps."""

from __future__ import annotations

import sqlalchemy as sa

from runwright.db.metadata import metadata
from runwright.db.types import Id, Millis

# A content in the blob store. Its row is there before the content is, and goes after it: nothing is ever kept that no
# row knows of. The owner is an organization; not called org_id, because it outlives one that is deleted until the
# content is gone too.
blobs = sa.Table(
    "blobs",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("owner", Id, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),
    # In bytes.
    sa.Column("size", sa.BigInteger, nullable=False),
    # When it was last saved or referred to: what nobody refers to is deleted some time after.
    sa.Column("touched_at", Millis, nullable=False, index=True),
    # Set: nobody may refer to it any more, and its content is being deleted.
    sa.Column("doomed_at", Millis),
    sa.Index(
        "ix_blobs_content",
        "owner",
        "sha256",
        unique=True,
        sqlite_where=sa.text("doomed_at IS NULL"),
        postgresql_where=sa.text("doomed_at IS NULL"),
    ),
)

artifacts = sa.Table(
    "artifacts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("org_id", Id, nullable=False),
    sa.Column("project_id", Id, nullable=False),
    # The execution and block whose output it is; None: somebody uploaded it.
    sa.Column("execution_id", Id),
    sa.Column("block_key", sa.String),
    # How often a reviewer had sent the block back.
    sa.Column("round", sa.Integer),
    # Who uploaded it; None: a block saved it.
    sa.Column("created_by", Id),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("content_type", sa.String, nullable=False),
    sa.Column("blob_id", Id, sa.ForeignKey("blobs.id"), nullable=False, index=True),
    sa.Column("created_at", Millis, nullable=False),
    # A block completes once, and so saves one file.
    sa.UniqueConstraint("execution_id", "block_key"),
    sa.Index("ix_artifacts_org_project", "org_id", "project_id", "id"),
)

# Files that will be artifacts if a person approves the output; the decision, or the end of the execution, removes them.
proposed_artifacts = sa.Table(
    "proposed_artifacts",
    metadata,
    sa.Column("execution_id", Id, primary_key=True),
    sa.Column("block_key", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("content_type", sa.String, nullable=False),
    sa.Column("blob_id", Id, sa.ForeignKey("blobs.id"), nullable=False, index=True),
)

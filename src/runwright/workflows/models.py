"""Tables of workflows and their immutable versions."""

from __future__ import annotations

import sqlalchemy as sa

from runwright.db.metadata import metadata
from runwright.db.types import Id, Millis

workflows = sa.Table(
    "workflows",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("org_id", Id, sa.ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    # No foreign key: a project can be deleted while its workflows stay (`Project not found`).
    sa.Column("project_id", Id),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("description", sa.String, nullable=False, server_default=""),
    sa.Column("category", sa.String, nullable=False, server_default=""),
    # The trigger settings are the workflow's, not a version's: switching API access publishes nothing.
    sa.Column("api_enabled", sa.Boolean, nullable=False),
    sa.Column("api_concurrency", sa.String, nullable=False),
    sa.Column("published_version_id", Id),
    sa.Column("latest_version_id", Id),
    sa.Column("archived_at", Millis),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("updated_at", Millis, nullable=False),
    sa.Index("ix_workflows_org_project", "org_id", "project_id", "id"),
)

workflow_versions = sa.Table(
    "workflow_versions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("workflow_id", Id, sa.ForeignKey("workflows.id", ondelete="CASCADE"), nullable=False),
    sa.Column("org_id", Id, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    # The YAML text as saved; parsed on use and kept parsed in memory, since a version never changes.
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("created_by", Id),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("published_at", Millis),
    sa.UniqueConstraint("workflow_id", "number"),
)

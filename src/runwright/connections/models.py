"""The table of projects' connections."""

from __future__ import annotations

import sqlalchemy as sa

from runwright.db.metadata import metadata
from runwright.db.types import Id, Millis

connections = sa.Table(
    "connections",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("org_id", Id, sa.ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("project_id", Id, sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    # JSON of what is no secret: user names, header names, addresses.
    sa.Column("settings", sa.Text, nullable=False),
    # Sealed with the installation's key (kit.crypto.SecretBox); never answered.
    sa.Column("secret_sealed", sa.Text, nullable=False),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("updated_at", Millis, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
)

"""The table of projects' MCP servers."""

from __future__ import annotations

import sqlalchemy as sa

from runwright.db.metadata import metadata
from runwright.db.types import Id, Millis

mcp_servers = sa.Table(
    "mcp_servers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("org_id", Id, sa.ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("project_id", Id, sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("transport", sa.String, nullable=False),
    # JSON of what is no secret: the address, or the command and its arguments; the names of the secrets.
    sa.Column("settings", sa.Text, nullable=False),
    # JSON of headers or environment variables, sealed; None: there are none.
    sa.Column("secrets_sealed", sa.Text),
    # JSON of the tools as the server last named them; None: never asked.
    sa.Column("tools", sa.Text),
    sa.Column("tools_at", Millis),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("updated_at", Millis, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
)

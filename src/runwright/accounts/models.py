"""Tables of organizations, their people, projects, keys and credit."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from runwright.db.metadata import metadata
from runwright.db.types import Id, Micros, Millis


class Role(StrEnum):
    """What a member may do: owners everything, admins all but owners' matters, members the daily work."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


organizations = sa.Table(
    "organizations",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    # None: no limit. What was used is the sum of usage_entries, never a counter.
    sa.Column("credit_limit_micros", Micros),
    sa.Column("created_at", Millis, nullable=False),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("email", sa.String, nullable=False, unique=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("password_hash", sa.String),
    sa.Column("created_at", Millis, nullable=False),
)

memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("org_id", Id, sa.ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("created_at", Millis, nullable=False),
)

projects = sa.Table(
    "projects",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("org_id", Id, sa.ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("default_model", sa.String),
    sa.Column("created_at", Millis, nullable=False),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # None: a key without an organization, which the public API answers with its own 403.
    sa.Column("org_id", Id, sa.ForeignKey("organizations.id", ondelete="CASCADE"), index=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("prefix", sa.String, nullable=False),
    sa.Column("secret_hash", sa.String, nullable=False, unique=True),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("last_used_at", Millis),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String, primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("expires_at", Millis, nullable=False),
    sa.Column("last_seen_at", Millis, nullable=False),
    sa.Column("user_agent", sa.String),
)

sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    sa.Column("token_hash", sa.String, primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("expires_at", Millis, nullable=False),
    sa.Column("used_at", Millis),
)

model_providers = sa.Table(
    "model_providers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("org_id", Id, sa.ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    sa.Column("vendor", sa.String, nullable=False),
    # Sealed with the installation's key (kit.crypto.SecretBox); never answered.
    sa.Column("api_key_sealed", sa.String),
    sa.Column("base_url", sa.String),
    sa.Column("created_at", Millis, nullable=False),
    sa.UniqueConstraint("org_id", "vendor"),
)

# One row, number 1, written by the first start: what commands mean that name no organization. Its primary key is
# what makes two first starts at once agree. No foreign keys: the project may be deleted.
installation = sa.Table(
    "installation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("org_id", Id, nullable=False),
    sa.Column("project_id", Id, nullable=False),
    sa.Column("owner_id", Id, nullable=False),
    sa.Column("created_at", Millis, nullable=False),
)

usage_entries = sa.Table(
    "usage_entries",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("org_id", Id, nullable=False),
    sa.Column("execution_id", Id),
    sa.Column("block_key", sa.String),
    sa.Column("model", sa.String),
    sa.Column("cost_micros", Micros, nullable=False),
    sa.Column("created_at", Millis, nullable=False),
    sa.Index("ix_usage_entries_org_cost", "org_id", "cost_micros"),
    sa.Index("ix_usage_entries_execution_id", "execution_id"),
)

"""Statements about MCP servers, each for one organization."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from runwright.mcp_servers.models import mcp_servers

Row = sa.Row[Any]


def all_of(conn: sa.Connection, org_id: str, project_id: str) -> Sequence[Row]:
    """The project's servers, by name."""
    return conn.execute(_of(org_id, project_id).order_by(mcp_servers.c.name)).all()


def find(conn: sa.Connection, org_id: str, project_id: str, server_id: str) -> Row | None:
    """One of them."""
    return conn.execute(_of(org_id, project_id).where(mcp_servers.c.id == server_id)).one_or_none()


def find_by_name(conn: sa.Connection, org_id: str, project_id: str, name: str) -> Row | None:
    """The one that blocks call so."""
    return conn.execute(_of(org_id, project_id).where(mcp_servers.c.name == name)).one_or_none()


def find_by_id(conn: sa.Connection, org_id: str, server_id: str) -> Row | None:
    """One of any project of the organization."""
    statement = sa.select(mcp_servers).where(mcp_servers.c.org_id == org_id, mcp_servers.c.id == server_id)
    return conn.execute(statement).one_or_none()


def add(conn: sa.Connection, values: dict[str, Any]) -> None:
    """Keep a new one."""
    conn.execute(mcp_servers.insert(), values)


def change(conn: sa.Connection, org_id: str, server_id: str, values: dict[str, Any]) -> None:
    """Set some columns."""
    conn.execute(_this(mcp_servers.update(), org_id, server_id).values(values))


def remove(conn: sa.Connection, org_id: str, server_id: str) -> None:
    """Take one away."""
    conn.execute(_this(mcp_servers.delete(), org_id, server_id))


def _of(org_id: str, project_id: str) -> sa.Select[Any]:
    return sa.select(mcp_servers).where(mcp_servers.c.org_id == org_id, mcp_servers.c.project_id == project_id)


def _this(statement: Any, org_id: str, server_id: str) -> Any:
    return statement.where(mcp_servers.c.org_id == org_id, mcp_servers.c.id == server_id)

"""Every table, known to the catalogue by being imported here (for migrations and tests)."""

from __future__ import annotations

from runwright.accounts import models as accounts
from runwright.artifacts import models as artifacts
from runwright.connections import models as connections
from runwright.db.metadata import metadata
from runwright.engine import models as engine
from runwright.executions import models as executions
from runwright.mcp_servers import models as mcp_servers
from runwright.reviews import models as reviews
from runwright.workflows import models as workflows

__all__ = [
    "accounts",
    "artifacts",
    "connections",
    "engine",
    "executions",
    "mcp_servers",
    "metadata",
    "reviews",
    "workflows",
]

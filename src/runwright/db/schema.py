"""The version of the database's schema: where it stands, where it should be, and how it gets there."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from runwright.db.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


class SchemaFromTheFuture(Exception):
    """The database was migrated by a newer Runwright than this one."""


class SchemaState(StrEnum):
    """Where a database stands against this program."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    FUTURE = "future"


def revisions() -> list[str]:
    """The schema revisions this program knows, oldest first; each is the start of a migration file's name."""
    return sorted(path.name.split("_", 1)[0] for path in _VERSIONS.glob("[0-9]*.py"))


def revision_of(conn: sa.Connection) -> str | None:
    """The revision a database is at, None for an empty one."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def state_of(conn: sa.Connection) -> SchemaState:
    """Compare a database with this program."""
    revision, known = revision_of(conn), revisions()
    if revision is None:
        return SchemaState.EMPTY
    if revision not in known:
        return SchemaState.FUTURE
    return SchemaState.CURRENT if revision == known[-1] else SchemaState.OLD


def require_not_future(conn: sa.Connection) -> SchemaState:
    """The state, unless it is one this program must not touch.

    Raises:
        SchemaFromTheFuture: the schema is newer than this program.
    """
    state = state_of(conn)
    if state is SchemaState.FUTURE:
        raise SchemaFromTheFuture(
            f"The database's schema is at revision {revision_of(conn)}, this Runwright knows only up to "
            f"{revisions()[-1]}. Start the newer version that migrated it, or restore a backup made before."
        )
    return state


def migrate(database: Database) -> bool:
    """Bring the schema up to date; whether there was anything to do.

    Raises:
        SchemaFromTheFuture: the schema is newer than this program.
    """
    with database.engine.connect() as conn:
        if require_not_future(conn) is SchemaState.CURRENT:
            return False
    from alembic import command

    command.upgrade(_alembic_config(database), "head")
    return True


def _alembic_config(database: Database) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_VERSIONS.parent))
    config.attributes["engine"] = database.engine
    return config

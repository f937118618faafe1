"""What ``/readyz`` and ``/metrics`` ask the database."""

from __future__ import annotations

from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from runwright.config import EngineSettings
from runwright.db import schema
from runwright.db.database import Database
from runwright.kit.clock import now_ms
from runwright.observability.metrics import LiveCounts
from runwright.observability.repository import live_counts


async def database_problem(database: Database) -> str | None:
    """Whether the database answers and its schema is this program's; None when both hold."""
    try:
        state = await database.read(schema.state_of)
    except SQLAlchemyError as error:
        return f"the database does not answer ({type(error).__name__})"
    if state is not schema.SchemaState.CURRENT:
        return f"the database's schema is {state.value}: run `runwright migrate`"
    return None


async def read_live_counts(database: Database, *, settings: EngineSettings) -> LiveCounts:
    """The counts of live rows at this moment."""
    return await database.read(partial(live_counts, now=now_ms(), dead_after=settings.dead_after))

"""The checks behind ``/readyz``."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from runwright.db import schema
from runwright.db.database import Database


async def database_problem(database: Database) -> str | None:
    """Whether the database answers and its schema is this program's; None when both hold."""
    try:
        state = await database.read(schema.state_of)
    except SQLAlchemyError as error:
        return f"the database does not answer ({type(error).__name__})"
    if state is not schema.SchemaState.CURRENT:
        return f"the database's schema is {state.value}: run `runwright migrate`"
    return None

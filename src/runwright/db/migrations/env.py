"""Alembic's entry: one transaction for all steps, so that a migration cut off half-way leaves nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from runwright.db.tables import metadata

# One number for all: whoever holds it migrates, the others wait and then find nothing left to do.
_LOCK = 7_283_641_905


def _migrate() -> None:
    engine: sa.Engine = context.config.attributes["engine"]
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as conn:
        if sqlite:
            conn.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            conn.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        context.configure(connection=conn, target_metadata=metadata, render_as_batch=sqlite, transactional_ddl=True)
        try:
            context.run_migrations()
        except BaseException:
            conn.exec_driver_sql("ROLLBACK") if sqlite else conn.rollback()
            raise
        conn.exec_driver_sql("COMMIT") if sqlite else conn.commit()


_migrate()

"""``runwright migrate``: bring the database's schema up to date."""

from __future__ import annotations

from runwright.cli import common


def command(data_dir: common.DataDirOption = None) -> None:
    """Bring the database's schema up to date.

    `runwright serve` does this by itself on the embedded database; with PostgreSQL run it once after each upgrade,
    before the servers and workers start. Running it again, or twice at once, changes nothing.

    Example: RUNWRIGHT_DATABASE_URL=postgresql://… runwright migrate
    """
    with common.installation(data_dir, prepare=False) as opened:
        from runwright.db import schema

        changed = schema.migrate(opened.database)
        revision = opened.database.read_sync(schema.revision_of)
        common.note(f"The schema {'is now' if changed else 'was already'} at revision {revision}.")

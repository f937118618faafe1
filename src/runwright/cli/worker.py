"""``runwright worker``: more hands on the same database."""

from __future__ import annotations

import sys

from runwright.cli import common


def command() -> None:
    """Add hands: another process that drives executions.

    Needs PostgreSQL (RUNWRIGHT_DATABASE_URL); any number of workers may share the database, on any machines. On
    Ctrl-C or SIGTERM it takes no new work and gives running blocks RUNWRIGHT_ENGINE__GRACE seconds; others take over
    the rest.

    Example: RUNWRIGHT_DATABASE_URL=postgresql://… runwright worker
    """
    settings = common.load_settings()
    if settings.database_url is None:
        common.fail(
            "Workers need PostgreSQL: set RUNWRIGHT_DATABASE_URL. The embedded database belongs to one process, "
            "`runwright serve`, which drives its executions itself.",
            code=common.USAGE,
        )
    with common.installation(settings.data_dir):
        pass  # Opening it checks that the database answers and has this version's schema.

    from runwright.app import create_app
    from runwright.cli.server import work
    from runwright.observability import logs

    logs.configure(settings.log)
    work(create_app(settings), started=lambda: print("Runwright works (Ctrl-C stops)", file=sys.stdout, flush=True))

"""``runwright serve``: API, web app and engine in one process."""

from __future__ import annotations

import errno
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common, lock

if TYPE_CHECKING:
    from runwright.config import Settings


def command(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; 0.0.0.0 for every one. Default: 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one. Default: 8700.")
    ] = None,
    data_dir: common.DataDirOption = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Serve only; workers elsewhere drive the executions.")
    ] = False,
) -> None:
    """Run the server: API, web app and engine in one process.

    Without any setting it works on an embedded database in the data folder, made at the first start; with
    RUNWRIGHT_DATABASE_URL on PostgreSQL, where any number of servers and workers may run. On Ctrl-C or SIGTERM it
    takes no new work and gives running blocks RUNWRIGHT_ENGINE__GRACE seconds; the rest goes on at the next start.

    Example: runwright serve --port 8700 --data-dir /var/lib/runwright
    """
    settings = common.load_settings(data_dir=data_dir, host=host, port=port)
    with ExitStack() as held:
        if settings.database_url is None:
            _claim_folder(settings.data_dir, held)
            if no_worker:
                common.note("Nothing will run: --no-worker leaves it to workers, and those need PostgreSQL.")
        link = _prepare(settings)
        listening = held.enter_context(_listen(settings.host, settings.port))
        # Port 0 stands for one that was free: from here on it has its number.
        settings = settings.model_copy(update={"port": listening.getsockname()[1]})
        _run(settings, listening, work=not no_worker, welcome=_welcome(settings, link))


def _claim_folder(folder: Path, held: ExitStack) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held.enter_context(lock.exclusive(folder))
    except lock.FolderInUse as error:
        common.fail(str(error))
    except OSError as error:
        common.fail(f"The data folder {folder} cannot be used: {error.strerror}")


def _prepare(settings: Settings) -> str | None:
    """Make the database ready; the path of a sign-in link while the owner has never come in."""
    with common.installation(settings.data_dir) as opened:
        from runwright.accounts import bootstrap, sessions

        owner = opened.defaults.user_id
        token = opened.database.write_sync(lambda conn: bootstrap.first_sign_in_link(conn, owner))
        return sessions.link_path(token) if token else None


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket; binding before the engine starts lets a taken port be told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            common.fail(f"Port {port} is taken by another program. Choose another with --port, or --port 0.")
        common.fail(f"Cannot listen on {host}:{port}: {error.strerror or error}")
    return bound


def _welcome(settings: Settings, link: str | None) -> str:
    address = settings.address
    kept = "PostgreSQL" if settings.database_url is not None else str(settings.data_dir)
    lines = [f"Runwright is at {address}  (data: {kept}; Ctrl-C stops)"]
    if link is not None:
        lines.append(f"Sign in for the first time, once: {address}{link}")
    return "\n".join(lines)


def _run(settings: Settings, listening: socket.socket, *, work: bool, welcome: str) -> None:
    from runwright.app import create_app
    from runwright.cli.server import serve
    from runwright.observability import logs

    logs.configure(settings.log)
    serve(create_app(settings, work=work), listening, started=lambda: print(welcome, file=sys.stdout, flush=True))

"""``runwright backup``: copy the database to a file, while the server runs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common
from runwright.integrations.storage.opening import FOLDER

if TYPE_CHECKING:
    from runwright.config import Settings


class BackupFailed(Exception):
    """No usable copy could be made; the text says why. Nothing is left behind."""


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False,
    files: Annotated[
        Path | None,
        typer.Option(
            "--files", help="Folder to which the stored files are added that are not there yet.", metavar="DIR"
        ),
    ] = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Copy the database to a file, while the server runs.

    The copy is of one moment, is checked, and appears under its name only when it is whole. To restore the embedded
    database: stop the server, put the copy in the data folder as runwright.db, remove runwright.db-wal and
    runwright.db-shm, start the server. With PostgreSQL, pg_dump makes the copy (custom format, for pg_restore).

    Files that blocks saved and people uploaded are not in it. On local disk, --files copies them to a folder, after the
    database, so that what the copy refers to is there; a bucket is the storage's own to back up.

    Example: runwright backup /backups/runwright-$(date +%F).db
    """
    settings = common.load_settings(data_dir=data_dir)
    added: int | None = None
    try:
        with appearing(file, force=force) as partial:
            _copy(settings, partial)
        if files is not None:
            added = copy_files(settings, files)
    except BackupFailed as error:
        common.fail(str(error))
    except OSError as error:
        common.fail(f"{error.filename or file} cannot be written: {error.strerror or error}")
    common.note(f"{file}: {file.stat().st_size / 1_000_000:.1f} MB, checked.")
    _note_files(settings, added)
    key_file = settings.data_dir / "secret.key"
    if settings.secret_key is None and key_file.exists():
        common.note(f"Not in it is the key that decrypts stored secrets: keep {key_file} too, apart from the copy.")


def _note_files(settings: Settings, added: int | None) -> None:
    if settings.storage.bucket is not None:
        common.note(
            f"Not in it are the files: they are in the bucket {settings.storage.bucket}, which has its own copies."
        )
    elif added is not None:
        common.note(f"Files: {added} new ones copied.")
    elif (settings.data_dir / FOLDER).exists():
        common.note(f"Not in it are the files of {settings.data_dir / FOLDER}: copy them with --files DIR.")


def copy_files(settings: Settings, target: Path) -> int:
    """Copy the stored files that a folder does not have yet; how many. They never change, so their names are enough.

    Raises:
        BackupFailed: they are in a bucket, not on this disk.
        OSError: they cannot be read or written.
    """
    if settings.storage.bucket is not None:
        raise BackupFailed("The files are in a bucket: --files copies only what is kept on local disk.")
    source, added = settings.data_dir / FOLDER, 0
    target.mkdir(parents=True, exist_ok=True)
    for path in source.rglob("*"):
        kept = target / path.relative_to(source)
        # What begins with a dot is being written just now.
        if not path.is_file() or path.name.startswith(".") or kept.exists():
            continue
        kept.parent.mkdir(parents=True, exist_ok=True)
        with appearing(kept, force=True) as partial:
            shutil.copyfile(path, partial)
        added += 1
    return added


def _copy(settings: Settings, partial: Path) -> None:
    if settings.database_url is not None:
        dump_postgres(settings.database_url.get_secret_value(), partial)
    else:
        copy_sqlite(settings.data_dir / "runwright.db", partial)


@contextmanager
def appearing(file: Path, *, force: bool) -> Iterator[Path]:
    """A file beside the wanted one to write into; it takes the wanted name, whole and durable, or vanishes."""
    if file.exists() and not force:
        raise BackupFailed(f"{file} is there already. Choose another name, or replace it with --force.")
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".partial", dir=file.parent)
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        _sync(partial)
        if force:
            partial.replace(file)
        else:
            _link_new(partial, file)
        _sync(file.parent)
    finally:
        partial.unlink(missing_ok=True)


def _link_new(partial: Path, file: Path) -> None:
    # A link fails where the name was taken meanwhile; a rename would silently replace.
    try:
        file.hardlink_to(partial)
    except FileExistsError:
        raise BackupFailed(f"{file} has appeared meanwhile and was left as it is.") from None


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy an SQLite database as of one moment, beside those who read and write it, and check the copy.

    Raises:
        BackupFailed: there is no database, it cannot be read, or the copy is damaged.
    """
    if not source.exists():
        raise BackupFailed(f"There is no database at {source}. Name its folder with --data-dir.")
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as database,
            closing(sqlite3.connect(target)) as copy,
        ):
            # All pages in one step: one snapshot, never begun anew, and in WAL mode writers do not wait for it.
            database.backup(copy, pages=-1)
            # The copy inherits the write-ahead log; without it the backup is one file that needs no other.
            copy.execute("PRAGMA journal_mode=DELETE")
            faults = [row[0] for row in copy.execute("PRAGMA integrity_check")]
    except sqlite3.Error as error:
        raise BackupFailed(f"{source} could not be copied: {error}") from error
    if faults != ["ok"]:
        raise BackupFailed(f"The copy is damaged, and so {source} may be: {faults[0]}")


def dump_postgres(url: str, target: Path) -> None:
    """Let ``pg_dump`` write the database to a file, in its custom format.

    Raises:
        BackupFailed: ``pg_dump`` is not there, or it failed.
    """
    import sqlalchemy as sa

    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailed(
            "pg_dump is not installed here. Install PostgreSQL's client tools, or run where they are: "
            'pg_dump --format=custom --file=FILE "$RUNWRIGHT_DATABASE_URL"'
        )
    address = sa.make_url(url)
    # The password goes by the environment: arguments can be seen by every user of the machine.
    environment = {**os.environ, "PGPASSWORD": str(address.password)} if address.password else dict(os.environ)
    plain = sa.URL.create(
        "postgresql", address.username, None, address.host, address.port, address.database, address.query
    ).render_as_string(hide_password=False)
    ended = subprocess.run(  # noqa: S603
        [program, "--format=custom", "--no-password", f"--file={target}", f"--dbname={plain}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise BackupFailed(f"pg_dump failed: {ended.stderr.strip()}")

"""The checks of ``runwright doctor``. Each looks at one thing, changes nothing, and answers with findings."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from runwright import __version__
from runwright.cli import lock
from runwright.cli.client import KEY_VARIABLE, URL_VARIABLE
from runwright.config import Settings
from runwright.db import schema
from runwright.db.database import Database, open_database
from runwright.integrations.storage.base import StoreError
from runwright.integrations.storage.opening import FOLDER, open_store
from runwright.kit.clock import now_ms
from runwright.observability.metrics import LiveCounts
from runwright.observability.repository import live_counts

_MIB = 1024 * 1024
_DISK_FAIL = 100 * _MIB
_DISK_WARN = 1024 * _MIB
_LONG_DUE = 60.0
"""Seconds that an execution may want a worker before that is worth a word."""
_CLOCK_DRIFT = 2.0
_OTHER_VARIABLES = frozenset({"RUNWRIGHT_CONFIG", URL_VARIABLE, KEY_VARIABLE})


class Level(StrEnum):
    """How bad it is: ``fail`` keeps the server from its work, ``warn`` will hurt some day or some feature."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, and what to do about it."""

    level: Level
    subject: str
    message: str
    remedy: str = ""


def ok(subject: str, message: str) -> Finding:
    return Finding(Level.OK, subject, message)


def warn(subject: str, message: str, remedy: str) -> Finding:
    return Finding(Level.WARN, subject, message, remedy)


def fail(subject: str, message: str, remedy: str) -> Finding:
    return Finding(Level.FAIL, subject, message, remedy)


Check = Callable[[Settings], Finding | Iterator[Finding]]


def examine(settings: Settings) -> list[Finding]:
    """Run every check, in the order in which a failure of one explains the next."""
    checks: dict[str, Check] = {
        "versions": lambda _: versions(),
        "settings": lambda _: environment(),
        "data folder": data_folder,
        "disk": free_disk,
        "secret key": secret_key,
        "database": database,
        "files": files,
        "server": server,
        "port": port,
        "models": models,
    }
    return [finding for subject, check in checks.items() for finding in _guarded(subject, check, settings)]


def _guarded(subject: str, check: Check, settings: Settings) -> list[Finding]:
    """What the check found; that it could not look is a finding too."""
    try:
        found = check(settings)
        return [found] if isinstance(found, Finding) else list(found)
    except OSError as error:
        return [fail(subject, f"cannot be looked at: {error}", "Run doctor as the user of the server.")]


def versions() -> Finding:
    """For a report of a fault: what runs here."""
    python = ".".join(map(str, sys.version_info[:3]))
    return ok("versions", f"runwright {__version__}, Python {python}, SQLite {sqlite3.sqlite_version}")


def environment() -> Iterator[Finding]:
    """Every RUNWRIGHT_ variable is a setting; a misspelt one would be passed over in silence."""
    known = set(setting_variables(Settings, "RUNWRIGHT_")) | _OTHER_VARIABLES
    unknown = sorted(name for name in os.environ if name.startswith("RUNWRIGHT_") and name.upper() not in known)
    for name in unknown:
        yield warn("settings", f"{name} is no setting and has no effect.", "See docs/reference/settings.md.")
    if not unknown:
        yield ok("settings", "every RUNWRIGHT_ variable is known")


def setting_variables(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """The environment variables that set a model's fields."""
    for name, field in model.model_fields.items():
        variable = prefix + name.upper()
        yield variable
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from setting_variables(field.annotation, variable + "__")


def data_folder(settings: Settings) -> Finding:
    """The folder can be written, and by nobody else."""
    folder = settings.data_dir
    if not folder.exists():
        parent = next(path for path in folder.absolute().parents if path.exists())
        if os.access(parent, os.W_OK):
            return ok("data folder", f"{folder} is not there yet; the first start makes it")
        return fail("data folder", f"{parent} cannot be written.", "Give the user of the server the right to write.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return fail("data folder", f"{folder} cannot be written.", f"Own it by the user of the server: chown {folder}")
    if folder.stat().st_mode & stat.S_IWOTH:
        return warn("data folder", f"{folder} can be written by everybody.", f"chmod o-w {folder}")
    return ok("data folder", f"{folder} can be written")


def free_disk(settings: Settings) -> Finding:
    """There is room to write."""
    folder = settings.data_dir.absolute()
    free = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free
    message = f"{free // _MIB} MiB free"
    if free < _DISK_FAIL:
        return fail("disk", message, "Make room: without it no trigger can be accepted.")
    if free < _DISK_WARN:
        return warn("disk", message, "Make room soon.")
    return ok("disk", message)


def secret_key(settings: Settings) -> Finding:
    """The key that decrypts stored secrets is kept from others."""
    if settings.secret_key is not None:
        return ok("secret key", "set by RUNWRIGHT_SECRET_KEY")
    file = settings.data_dir / "secret.key"
    if settings.database_url is not None and not file.exists():
        return warn(
            "secret key",
            "every server and worker would make its own and could not read the others' secrets.",
            "Set RUNWRIGHT_SECRET_KEY to the same value on all of them.",
        )
    if not file.exists():
        return ok("secret key", "made when it is first needed")
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return fail("secret key", f"{file} can be read by others.", f"chmod 600 {file}")
    return ok("secret key", f"{file}, readable by its owner alone")


def database(settings: Settings) -> Iterator[Finding]:
    """The database answers, has this program's schema, and its executions have somebody who drives them."""
    if settings.database_url is None and not (settings.data_dir / "runwright.db").exists():
        yield ok("database", "SQLite, made at the first start")
        return
    opened = open_database(settings)
    try:
        state = opened.read_sync(schema.state_of)
        yield _schema(opened, state)
        if state is schema.SchemaState.CURRENT:
            yield from _live(opened, settings)
        yield clock(opened)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip()
        remedy = "Is PostgreSQL running, and RUNWRIGHT_DATABASE_URL right?"
        if opened.dialect == "sqlite":
            remedy = "Stop the server and restore a backup if the file is damaged."
        yield fail("database", f"it does not answer: {cause}", remedy)
    finally:
        opened.close_sync()


def _schema(opened: Database, state: schema.SchemaState) -> Finding:
    name = "SQLite" if opened.dialect == "sqlite" else "PostgreSQL"
    revision = opened.read_sync(schema.revision_of)
    if state is schema.SchemaState.FUTURE:
        known = schema.revisions()[-1]
        return fail(
            "database",
            f"{name}, schema {revision}; this program knows only up to {known}.",
            "Start the newer Runwright that migrated it, or restore a backup made before.",
        )
    if state is schema.SchemaState.CURRENT:
        return ok("database", f"{name}, schema {revision}")
    how = "The next `runwright serve` migrates it." if opened.dialect == "sqlite" else "Run: runwright migrate"
    return warn("database", f"{name}, schema {revision or 'empty'} is not up to date.", how)


def _live(opened: Database, settings: Settings) -> Iterator[Finding]:
    dead_after = settings.engine.dead_after
    counts = opened.read_sync(lambda conn: live_counts(conn, now=now_ms(), dead_after=dead_after))
    yield workers(counts)


def workers(counts: LiveCounts) -> Finding:
    driven = f"{counts.workers} alive, {counts.due} executions due"
    if counts.due and not counts.workers:
        return warn("workers", f"{counts.due} executions wait and no process drives them.", "Start: runwright serve")
    if counts.oldest_due_seconds > _LONG_DUE:
        return warn(
            "workers",
            f"{driven}, the oldest for {counts.oldest_due_seconds:.0f} s.",
            "Add workers, or raise RUNWRIGHT_ENGINE__MAX_RUNNING.",
        )
    return ok("workers", driven)


def files(settings: Settings) -> Finding:
    """Files can be written, read and deleted where the settings say."""
    if settings.storage.bucket is not None:
        return _bucket(settings)
    folder = settings.data_dir / FOLDER
    if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return fail("files", f"{folder} cannot be written.", f"Own it by the user of the server: chown -R {folder}")
    if settings.database_url is not None:
        return warn(
            "files",
            f"{folder}, on this machine alone: other servers and workers do not see what is saved here.",
            "Set RUNWRIGHT_STORAGE__BUCKET, or share the data folder, when there is more than one machine.",
        )
    return ok("files", f"kept in {folder}")


def _bucket(settings: Settings) -> Finding:
    import asyncio

    store = open_store(settings)
    try:
        asyncio.run(store.check())
    except StoreError as error:
        return fail("files", f"{error}.", "Check RUNWRIGHT_STORAGE__BUCKET, …__ENDPOINT, …__REGION and the key.")
    return ok("files", f"kept in {store.place}, which was written and read")


def server(settings: Settings) -> Finding:
    """Whether a server works on the embedded database."""
    if settings.database_url is not None or not settings.data_dir.exists():
        return ok("server", "none on this data folder")
    pid = lock.holder(settings.data_dir)
    return ok("server", "not running" if pid is None else f"running as process {pid or 'unknown'}")


def clock(opened: Database) -> Finding:
    """This machine's clock agrees with the database's, or at least with what was written before."""
    if opened.dialect == "postgresql":
        theirs = opened.read_sync(
            lambda conn: conn.execute(sa.text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
        )
        drift = abs(float(theirs) - now_ms() / 1000)
        if drift > _CLOCK_DRIFT:
            return warn("clock", f"{drift:.1f} s away from the database's.", "Synchronize both machines' clocks (NTP).")
        return ok("clock", "agrees with the database's")
    newest = _newest_write(opened)
    if newest > now_ms() + _CLOCK_DRIFT * 1000:
        return warn("clock", "earlier than the newest execution.", "Set this machine's clock right (NTP).")
    return ok("clock", "not earlier than the newest execution")


def _newest_write(opened: Database) -> int:
    from runwright.executions.models import executions

    newest = opened.read_sync(lambda conn: conn.execute(sa.select(sa.func.max(executions.c.created_at))).scalar())
    return newest or 0


def port(settings: Settings) -> Finding:
    """The address can be listened on, or our own server does."""
    place = f"{settings.host}:{settings.port}"
    if settings.port == 0:
        return ok("port", "a free one is taken at each start")
    if settings.data_dir.exists() and lock.holder(settings.data_dir) is not None:
        return ok("port", f"{place}, while the server runs")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return fail("port", f"{place} is taken by another program.", "Choose another with RUNWRIGHT_PORT.")
            return fail("port", f"{place}: {error.strerror}", "Set RUNWRIGHT_HOST to an address of this machine.")
    return ok("port", f"{place} is free")


def models(settings: Settings) -> Finding:
    """Some language model is configured."""
    given = settings.models
    if (given.default or "").startswith("local:"):
        return _local_model(settings)
    vendors = {
        "OpenAI": given.openai_api_key,
        "Anthropic": given.anthropic_api_key,
        "Google": given.google_api_key,
        "an OpenAI-compatible server": given.compatible_base_url,
    }
    configured = [name for name, value in vendors.items() if value]
    if configured and given.default is None:
        return warn(
            "models",
            f"{', '.join(configured)}, but no default: agents fail unless their block or project names a model.",
            "Set RUNWRIGHT_MODELS__DEFAULT to vendor:name.",
        )
    if configured:
        return ok("models", f"{', '.join(configured)}; by default {given.default}")
    return warn(
        "models",
        "no vendor's key is set here: agents use the scripted demo provider, unless an organization has its own.",
        "Set RUNWRIGHT_MODELS__OPENAI_API_KEY, …__ANTHROPIC_API_KEY, …__GOOGLE_API_KEY or …__COMPATIBLE_BASE_URL.",
    )


def _local_model(settings: Settings) -> Finding:
    """The file and the library of the local model are there, when it is the default."""
    from runwright.cli.models import local_state
    from runwright.integrations.llm.local_server import local_file, local_folder

    file = local_file(settings.models, local_folder(settings.models, settings.data_dir))
    state = local_state(file)
    if settings.models.default != file.model:
        remedy = f"Set RUNWRIGHT_MODELS__DEFAULT to {file.model}."
        return fail("models", f"the default is {settings.models.default}, but the local model is {file.model}", remedy)
    if state.startswith("ready"):
        return ok("models", f"{file.model} is {state}")
    return fail("models", f"{file.model} is {state}", "See docs/guide/models.md.")

"""The product as its users set it up: an organization, a key and two workflows, made by its commands."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from bench.calls import BenchFailed, percentile, request
from bench.processes import RUNWRIGHT, Running, free_port, plain_environment, running
from runwright.config import Settings
from runwright.db.database import open_database
from runwright.executions.models import executions

BLOCKS = 5
_DRAIN_SECONDS = 120.0
_INSTANT = """\
    type: template
    text: "Hello"
"""
_COMMITTED = """\
    type: wait
    seconds: 0.001
"""


def workflow_source(name: str, block: str) -> str:
    """A workflow of five blocks in a row."""
    lines = ["version: 1", f"name: {name}", "blocks:"]
    for number in range(1, BLOCKS + 1):
        lines.append(f"  block-{number}:")
        if number > 1:
            lines.append(f"    needs: [block-{number - 1}]")
        lines.append(block.rstrip())
    return "\n".join([*lines, "triggers:", "  api: {enabled: true}", ""])


@dataclass(frozen=True, slots=True)
class Product:
    """What there is to call."""

    key: str
    instant: str
    """Id of the workflow of five blocks that are done on the spot and settle together."""
    committed: str
    """Id of the workflow of five blocks that each settle in a commit of their own."""

    def trigger(self, workflow_id: str) -> str:
        """The request that starts a workflow."""
        return request("POST", f"/api/workflows/{workflow_id}/trigger", key=self.key, body="{}")

    def status(self, execution_id: str, *, wait: bool = False) -> str:
        """The request that asks for an execution."""
        return request("GET", f"/api/executions/{execution_id}{'?wait=60' if wait else ''}", key=self.key)


class Finished(NamedTuple):
    """What the rows say when nothing is under way."""

    completed: int
    last_at: float
    """When the last one finished, in Unix time."""
    p50: float
    """Seconds from an execution's creation to its finish."""


class Installation:
    """A data folder, and a PostgreSQL database where one is meant, with the commands that work on it."""

    def __init__(self, folder: Path, *, database_url: str | None) -> None:
        self._folder = folder
        self._log = folder / "server.log"
        chosen = {"RUNWRIGHT_DATABASE_URL": database_url} if database_url else {}
        self._environment = plain_environment(folder.parent, RUNWRIGHT_DATA_DIR=str(folder), **chosen)
        # Arguments go before the environment: nobody's own settings reach the benchmark.
        self._settings = Settings(data_dir=folder, database_url=database_url)  # type: ignore[arg-type]
        if database_url:
            self.run("migrate")

    def run(self, *arguments: str) -> str:
        """Run a command; what it prints.

        Raises:
            BenchFailed: it failed.
        """
        ended = subprocess.run([RUNWRIGHT, *arguments], env=self._environment, capture_output=True, text=True)
        if ended.returncode != 0:
            raise BenchFailed(f"`runwright {' '.join(arguments)}` failed: {ended.stderr.strip()}")
        return ended.stdout.strip()

    def prepare(self) -> Product:
        """Make the key and the workflows."""
        return Product(
            key=self.run("keys", "create", "--name", "bench"),
            instant=self._publish("Instant", _INSTANT),
            committed=self._publish("Committed", _COMMITTED),
        )

    def _publish(self, name: str, block: str) -> str:
        path = self._folder / f"{name}.yaml"
        path.write_text(workflow_source(name, block))
        return self.run("workflows", "import", str(path))

    @contextmanager
    def serving(self, *options: str) -> Iterator[Running]:
        """``runwright serve`` on this installation."""
        port = free_port()
        command = [RUNWRIGHT, "serve", "--host", "127.0.0.1", "--port", str(port), *options]
        with running(command, port=port, environment=self._environment, log=self._log) as server:
            yield server

    def wait_until_idle(self) -> None:
        """Return when no execution is under way.

        The rows are asked, not the server: a question over HTTP would be work of its own.

        Raises:
            BenchFailed: some were under way for too long.
        """
        live = sa.select(sa.func.count()).where(executions.c.finished_at.is_(None)).select_from(executions)
        database = open_database(self._settings)
        try:
            deadline = time.monotonic() + _DRAIN_SECONDS
            while left := database.read_sync(lambda conn: conn.execute(live).scalar_one()):
                if time.monotonic() > deadline:
                    raise BenchFailed(f"{left} executions did not end")
                time.sleep(0.02)
        finally:
            database.close_sync()

    def finished_since(self, since: float) -> Finished:
        """What has completed of the executions that were made from a moment on, given in Unix time.

        Raises:
            BenchFailed: nothing has.
        """
        found = sa.select(executions.c.created_at, executions.c.finished_at).where(
            executions.c.status == "completed", executions.c.created_at >= int(since * 1000)
        )
        database = open_database(self._settings)
        try:
            rows = database.read_sync(lambda conn: conn.execute(found).all())
        finally:
            database.close_sync()
        if not rows:
            raise BenchFailed("no execution completed")
        return Finished(
            completed=len(rows),
            last_at=max(row.finished_at for row in rows) / 1000,
            p50=percentile([row.finished_at - row.created_at for row in rows], 0.5) / 1000,
        )

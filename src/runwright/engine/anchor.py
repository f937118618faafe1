"""The durable-execution library, behind the few words the engine needs of it. Nothing else imports ``dbos``.

A stretch is one durable workflow that drives a batch of executions. What it must not lose is only *which* executions
it drives: their progress is in our own rows. So the workflow has no steps, and running it again is harmless.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from runwright.db.database import Database
from runwright.kit.json import dumps, loads

if TYPE_CHECKING:
    from dbos import DBOSConfig

Drive = Callable[[str, list[str]], Awaitable[None]]
"""Drives executions in the stretch with the given id; safe to be called again with the same arguments."""

# Fixed: with a version of their own, upgrades would strand the stretches of the release before.
_APPLICATION_VERSION = "1"
_WORKFLOW = "runwright.stretch"
_ALIVE = ["PENDING", "ENQUEUED", "DELAYED"]
_FORGET_AT_ONCE = 500


def engine_file(data_dir: Path) -> Path:
    """The library's own SQLite file. It can be lost: stretches it no longer knows are released and started anew."""
    return data_dir / "engine.db"


def _sqlite_engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", pool_size=4, connect_args={"check_same_thread": False})

    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        # NORMAL: after a power cut the last stretches may be unknown, which the sweep heals.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(engine, "connect", prepare)
    return engine


class Anchor:
    """Starts stretches durably, and runs those again that a lost process left behind."""

    def __init__(self, database: Database, *, data_dir: Path, worker_id: str, drive: Drive) -> None:
        self._database = database
        self._data_dir = data_dir
        self._worker_id = worker_id
        self._drive = drive
        self._own_engine: sa.Engine | None = None
        self._workflow: Any = None

    def launch(self) -> None:
        """Start the library inside the running event loop; it then recovers this worker's own stretches."""
        from dbos import DBOS

        DBOS(config=self._config())

        async def stretch(ids: list[str]) -> None:
            await self._drive(DBOS.workflow_id or "", ids)

        self._workflow = DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=1_000_000)(stretch)
        DBOS.launch()

    def _config(self) -> DBOSConfig:
        if self._database.dialect == "sqlite":
            engine = self._own_engine = _sqlite_engine(engine_file(self._data_dir))
        else:
            engine = self._database.engine
        logger = logging.getLogger("dbos")
        logger.setLevel(logging.ERROR)
        if not logger.handlers:
            # Or the library adds one of its own, bound to the standard error stream of this moment.
            logger.addHandler(logging.NullHandler())
        return {
            "name": "runwright",
            "system_database_url": engine.url.render_as_string(hide_password=False),
            "system_database_engine": engine,
            "application_version": _APPLICATION_VERSION,
            "executor_id": self._worker_id,
            "max_executor_threads": 4,
            "log_level": "ERROR",
            "serializer": _json_serializer(),
            # Nothing of ours waits for the library's notifications, and a round that finds no one waiting asks the
            # database nothing; but stopping waits for the end of one. Its schedules nobody uses.
            "notification_listener_polling_interval_sec": 0.1,
            "scheduler_polling_interval_sec": 3600.0,
            "use_listen_notify": False,
        }

    async def start(self, stretch: str, ids: list[str]) -> None:
        """Record a stretch durably and begin to drive it here."""
        from dbos import DBOS, SetWorkflowID

        with SetWorkflowID(stretch):
            await DBOS.start_workflow_async(self._workflow, ids)

    async def alive(self, stretches: Collection[str]) -> set[str]:
        """Those of the stretches that run, or will be run again by recovery."""
        from dbos import DBOS

        found = await DBOS.list_workflows_async(
            workflow_ids=list(stretches), status=_ALIVE, load_input=False, load_output=False
        )
        return {status.workflow_id for status in found}

    async def take_over(self, worker_id: str) -> int:
        """Have the stretches of a lost worker run again by whoever is alive; how many those were."""
        from dbos import DBOS

        left = await DBOS.list_workflows_async(
            executor_id=worker_id, status="PENDING", load_input=False, load_output=False
        )
        if left:
            await DBOS.resume_workflows_async([status.workflow_id for status in left])
        return len(left)

    async def forget_finished(self) -> int:
        """Delete the record of stretches that are over; how many those were."""
        from dbos import DBOS

        over = await DBOS.list_workflows_async(
            name=_WORKFLOW,
            status=["SUCCESS", "ERROR", "CANCELLED"],
            limit=_FORGET_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        if over:
            await DBOS.delete_workflows_async([status.workflow_id for status in over])
        return len(over)

    async def stop(self) -> None:
        """Let go of the library; what was not over is recovered at the next start."""
        from dbos import DBOS

        loop = asyncio.get_running_loop()
        # The library makes its thread pool the loop's default one and shuts it down with itself.
        threads = ThreadPoolExecutor(thread_name_prefix="default")
        loop.set_default_executor(threads)
        await loop.run_in_executor(threads, partial(DBOS.destroy, destroy_registry=True))
        if self._own_engine is not None:
            self._own_engine.dispose()


def _json_serializer() -> Any:
    from dbos import Serializer

    class JsonSerializer(Serializer):
        """JSON instead of pickle: what is in the database must never be able to run code."""

        def serialize(self, data: Any) -> str:
            return dumps(_plain(data))

        def deserialize(self, serialized_data: str) -> Any:
            return loads(serialized_data)

        def name(self) -> str:
            return "runwright_json"

    return JsonSerializer()


def _plain(data: Any) -> Any:
    """The value as JSON; errors, which end a stretch that broke, by their text."""
    if isinstance(data, BaseException):
        return {"error": f"{type(data).__name__}: {data}"}
    return data

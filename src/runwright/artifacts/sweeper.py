"""Deletes, some time later, what nobody refers to any more: contents, proposals, files of projects that are gone.

No moment is dangerous. A content is doomed only when nobody has touched it for a day, in one statement that those who
save the same content wait for; a doomed one is saved anew under another key; and its row goes after its content.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import sqlalchemy as sa
import structlog

from runwright.accounts.models import projects
from runwright.artifacts import repository
from runwright.db.database import Database
from runwright.executions.models import executions
from runwright.integrations.storage.base import BlobStore, StoreError
from runwright.kit.clock import Millis, now_ms

log = structlog.get_logger()

PERIOD_S = 600.0
GRACE_MS = 24 * 3600 * 1000
"""How long a content is kept that nobody refers to. Longer than any save takes, and than a backup of the files after
the database's."""

_AT_A_TIME = 200


class Sweeper:
    """The regular duty of one process; several may do it at once."""

    def __init__(self, database: Database, store: BlobStore, *, incoming: Path) -> None:
        self._database = database
        self._store = store
        self._incoming = incoming
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._forever(), name="files-sweeper")

    async def stop(self) -> None:
        """End; what was half done is done the next time."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _forever(self) -> None:
        while True:
            try:
                await self.sweep(now=now_ms())
                await asyncio.to_thread(self._clear_incoming)
            except (StoreError, sa.exc.DBAPIError, OSError) as error:
                log.warning("files.sweep_failed", error=str(error))
            await asyncio.sleep(PERIOD_S)

    async def sweep(self, *, now: Millis) -> int:
        """Look once; how many contents were deleted.

        Raises:
            StoreError: the store is away; the rest is deleted the next time.
        """
        await self._database.write(partial(_release, now=now))
        deleted = 0
        while found := await self._database.read(partial(repository.doomed, limit=_AT_A_TIME)):
            for blob in found:
                await self._store.delete(blob.key)
            await self._database.write(partial(repository.forget_blobs, ids=[blob.id for blob in found]))
            deleted += len(found)
        if deleted:
            log.info("files.swept", contents=deleted)
        return deleted

    def _clear_incoming(self) -> None:
        """Remove what uploads left behind whose process was killed."""
        before = time.time() - GRACE_MS / 1000
        for path in self._incoming.glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()


def _release(conn: sa.Connection, *, now: Millis) -> None:
    repository.forget_proposals(conn, executions=executions)
    repository.delete_orphans(conn, projects=projects)
    repository.doom_unused(conn, before=now - GRACE_MS, now=now, limit=_AT_A_TIME)

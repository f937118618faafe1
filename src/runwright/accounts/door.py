"""What the server keeps in memory for its callers: counters of failures, and when a key was last noted as used."""

from __future__ import annotations

import asyncio
import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from runwright.accounts.keys import Throttle, touch_key
from runwright.accounts.secrets import open_secret_box
from runwright.accounts.sessions import touch_session
from runwright.accounts.sign_in import SignIn
from runwright.db.database import Database, Work
from runwright.kit.clock import now_ms

if TYPE_CHECKING:
    from runwright.config import Settings
    from runwright.kit.crypto import SecretBox

_log = logging.getLogger(__name__)


class Door:
    """One for a server. ``sign_in`` lets people in."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.sign_in = SignIn(database)
        self._database = database
        self._settings = settings
        self._throttle = Throttle()
        self._writing: set[asyncio.Task[None]] = set()

    @cached_property
    def secret_box(self) -> SecretBox:
        """See :func:`~runwright.accounts.secrets.open_secret_box`."""
        return open_secret_box(self._settings)

    @property
    def secure_cookies(self) -> bool:
        """Whether people come by HTTPS only, as the settings say."""
        return (self._settings.public_url or "").startswith("https://")

    def key_used(self, key_id: str) -> None:
        """Note the use of a key, at most once a minute, without making its request wait. Needs a running loop."""
        now = now_ms()
        if self._throttle.due(key_id, now=now):
            self._write_later(lambda conn: touch_key(conn, key_id, now=now))

    def session_used(self, session_id: str) -> None:
        """The same for a session."""
        now = now_ms()
        if self._throttle.due(session_id, now=now):
            self._write_later(lambda conn: touch_session(conn, session_id, now=now))

    def _write_later(self, work: Work[Any]) -> None:
        # The loop itself keeps only a weak reference to a task.
        task = asyncio.get_running_loop().create_task(self._write(work))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, work: Work[Any]) -> None:
        try:
            await self._database.write(work)
        except (SQLAlchemyError, RuntimeError):
            # RuntimeError: the server is stopping. Nobody waits for this, and the next use notes it again.
            _log.debug("the last use of a key or session was not noted", exc_info=True)

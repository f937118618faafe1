"""What the server keeps in memory for its callers: counters of failures, and when a key was last noted as used."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from runwright.accounts.keys import Throttle, touch_key
from runwright.accounts.secrets import open_secret_box
from runwright.accounts.sessions import touch_session
from runwright.accounts.sign_in import SignIn
from runwright.db.database import Database
from runwright.kit.background import Background
from runwright.kit.clock import now_ms

if TYPE_CHECKING:
    from runwright.config import Settings
    from runwright.kit.crypto import SecretBox


class Door:
    """One for a server. ``sign_in`` lets people in."""

    def __init__(self, database: Database, settings: Settings, background: Background) -> None:
        self.sign_in = SignIn(database)
        self._database = database
        self._settings = settings
        self._background = background
        self._throttle = Throttle()

    @cached_property
    def secret_box(self) -> SecretBox:
        """See :func:`~runwright.accounts.secrets.open_secret_box`."""
        return open_secret_box(self._settings)

    @property
    def secure_cookies(self) -> bool:
        """Whether people come by HTTPS only, as the settings say."""
        return (self._settings.public_url or "").startswith("https://")

    def key_used(self, key_id: str) -> None:
        """Note the use of a key: at most once a minute, and never in the way of the request."""
        now = now_ms()
        if self._throttle.due(key_id, now=now):
            self._background.start(self._database.write(partial(touch_key, key_id=key_id, now=now)))

    def session_used(self, session_id: str) -> None:
        """The same for a session."""
        now = now_ms()
        if self._throttle.due(session_id, now=now):
            self._background.start(self._database.write(partial(touch_session, session_id=session_id, now=now)))

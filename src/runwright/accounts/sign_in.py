"""Coming in: by e-mail and password, or by a one-time link that sets the password."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from runwright.accounts import repository, service, sessions
from runwright.accounts.limits import AttemptLimit
from runwright.accounts.passwords import Passwords
from runwright.accounts.sessions import SignInLink
from runwright.accounts.validation import clean_email, clean_name, clean_password
from runwright.db.database import Database
from runwright.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited, Unauthenticated
from runwright.kit.clock import Millis, now_ms

MINUTE: Millis = 60_000
WRONG = "The e-mail address or the password is wrong"
DEAD_LINK = "This link was used already or is too old. Ask whoever runs the server for a new one"


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody comes from: their address, and what their browser calls itself."""

    address: str
    user_agent: str | None


class SignIn:
    """Checks passwords and links, and begins sessions. One for a server: it counts failures."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._passwords = Passwords()
        # The first keeps one caller from guessing one password, the second from trying one password on everybody,
        # the third many callers from guessing one; it is wide, so that nobody is easily locked out by others.
        self._limits = {
            "caller and account": AttemptLimit(attempts=10, within=5 * MINUTE),
            "caller": AttemptLimit(attempts=50, within=5 * MINUTE),
            "account": AttemptLimit(attempts=200, within=60 * MINUTE),
        }

    async def with_password(self, *, email: str, password: str, browser: Browser) -> str:
        """Sign in; the new session's token.

        Raises:
            Unauthenticated: address or password is wrong, which of the two is not told.
            RateLimited: too many failures.
        """
        address = _known_form(email)
        names = self._count(address, browser)
        kept = await self._database.read(lambda conn: _credentials(conn, address))
        fits = await self._passwords.matches(password, kept.password_hash if kept else None)
        if kept is None or not fits:
            raise Unauthenticated(WRONG)
        for name, limit in zip(names, self._limits.values(), strict=True):
            limit.give_back(name)
        return await self._database.write(lambda conn: _begin(conn, kept, browser))

    async def inspect_link(self, token: str) -> SignInLink:
        """Whom a link lets in; looking uses nothing up.

        Raises:
            NotFound: the link is unknown, used or too old.
        """
        found = await self._database.read(lambda conn: sessions.find_link(conn, token, now=now_ms()))
        if found is None:
            raise NotFound(DEAD_LINK)
        return found

    async def with_link(
        self, token: str, *, password: str, name: str | None, email: str | None, browser: Browser
    ) -> str:
        """Use a link up: set the password, end all other sessions, sign in; the new session's token.

        ``name`` and ``email`` make the account the person's own; they count only while it has no password.

        Raises:
            NotFound: the link is unknown, used or too old.
            Invalid: the password, name or address cannot be used; the link stays good.
            Conflict: the address is another user's; the link stays good.
        """
        link = await self.inspect_link(token)
        if link.has_password:
            name = email = None
        new_name = clean_name(name) if name is not None else None
        new_email = clean_email(email) if email is not None else None
        kept = await self._passwords.hash(clean_password(password))
        return await self._database.write(
            lambda conn: _redeem(conn, token, kept, name=new_name, email=new_email, browser=browser)
        )

    async def change_password(self, user_id: str, *, current: str, new: str, session_id: str | None) -> None:
        """Set a new password, knowing the old one; every session but the named one ends.

        Raises:
            Forbidden: the current password is wrong.
            Invalid: the new one cannot be used.
            RateLimited: too many failures.
        """
        cleaned = clean_password(new)
        old = await self.confirm(user_id, current)
        kept = await self._passwords.hash(cleaned)
        await self._database.write(lambda conn: _replace(conn, user_id, old=old, kept=kept, but=session_id))

    async def confirm(self, user_id: str, password: str) -> str:
        """Make sure that a signed-in person knows the password; its kept hash.

        Raises:
            Forbidden: it is wrong, or the account has none.
            RateLimited: too many failures.
        """
        limit = self._limits["caller and account"]
        _require(limit.take(f"confirm {user_id}", now=now_ms()))
        old = await self._database.read(lambda conn: sessions.password_hash(conn, user_id))
        if old is None or not await self._passwords.matches(password, old):
            raise Forbidden("The current password is wrong")
        limit.give_back(f"confirm {user_id}")
        return old

    def _count(self, email: str, browser: Browser) -> list[str]:
        """Count an attempt before it is made, so that many at once count too; the names it was counted under."""
        names = [f"{browser.address} {email}", browser.address, email]
        now = now_ms()
        for name, limit in zip(names, self._limits.values(), strict=True):
            _require(limit.take(name, now=now))
        return names


@dataclass(frozen=True, slots=True)
class _Credentials:
    user_id: str
    password_hash: str | None


def _require(wait: Millis | None) -> None:
    if wait is not None:
        seconds = -(-wait // 1000)
        raise RateLimited(f"Too many failed attempts; try again in {seconds} seconds", details={"retry_after": seconds})


def _known_form(email: str) -> str:
    try:
        return clean_email(email)
    except Invalid as error:
        raise Unauthenticated(WRONG) from error


def _credentials(conn: sa.Connection, email: str) -> _Credentials | None:
    person = repository.user_by_email(conn, email)
    return _Credentials(person.id, sessions.password_hash(conn, person.id)) if person else None


def _begin(conn: sa.Connection, checked: _Credentials, browser: Browser) -> str:
    # While the password was checked it may have been changed, which ends all sessions: this one must not be left.
    if sessions.password_hash(conn, checked.user_id) != checked.password_hash:
        raise Unauthenticated(WRONG)
    return sessions.open_session(conn, checked.user_id, user_agent=browser.user_agent, now=now_ms())


def _redeem(
    conn: sa.Connection, token: str, kept: str, *, name: str | None, email: str | None, browser: Browser
) -> str:
    now = now_ms()
    user_id = sessions.use_link(conn, token, now=now)
    if user_id is None:
        raise NotFound(DEAD_LINK)
    service.update_user(conn, user_id, name=name, email=email)
    sessions.set_password_hash(conn, user_id, kept)
    sessions.end_sessions(conn, user_id)
    return sessions.open_session(conn, user_id, user_agent=browser.user_agent, now=now)


def _replace(conn: sa.Connection, user_id: str, *, old: str, kept: str, but: str | None) -> None:
    if sessions.password_hash(conn, user_id) != old:
        raise Conflict("The password was changed meanwhile; try again")
    sessions.set_password_hash(conn, user_id, kept)
    sessions.end_sessions(conn, user_id, but=but)

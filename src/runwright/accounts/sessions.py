"""Sessions and one-time links as rows. Tokens are kept as digests only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from runwright.accounts.models import sessions, sign_in_links, users
from runwright.kit.clock import Millis
from runwright.kit.crypto import hash_secret, new_secret
from runwright.kit.text import shortened, storable

if TYPE_CHECKING:
    from runwright.config import Settings

SESSION_PREFIX = "rws_"
LINK_PREFIX = "rwl_"
DAY: Millis = 24 * 60 * 60 * 1000
SESSION_LIFETIME: Millis = 30 * DAY
LINK_LIFETIME: Millis = DAY
MAX_USER_AGENT = 300


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in. ``id`` is the token's digest: it names the session and opens nothing."""

    id: str
    user_id: str
    created_at: Millis
    expires_at: Millis
    last_seen_at: Millis
    user_agent: str | None


@dataclass(frozen=True, slots=True)
class SignInLink:
    """An unused one-time link, and whom it lets in."""

    user_id: str
    email: str
    name: str
    has_password: bool
    expires_at: Millis


# Built once: this runs on every request of a browser.
_FIND = sa.select(
    sessions.c.token_hash,
    sessions.c.user_id,
    sessions.c.created_at,
    sessions.c.expires_at,
    sessions.c.last_seen_at,
    sessions.c.user_agent,
).where(sessions.c.token_hash == sa.bindparam("digest"), sessions.c.expires_at > sa.bindparam("now"))


def find_session(conn: sa.Connection, token: str, *, now: Millis) -> Session | None:
    """The live session of this token, None when there is none or it has ended."""
    row = conn.execute(_FIND, {"digest": hash_secret(token), "now": now}).one_or_none()
    return Session(*row) if row is not None else None


def open_session(conn: sa.Connection, user_id: str, *, user_agent: str | None, now: Millis) -> str:
    """Begin a session; its token, which is kept nowhere. The user's ended sessions are swept on the way."""
    conn.execute(sessions.delete().where(sessions.c.user_id == user_id, sessions.c.expires_at <= now))
    token = new_secret(SESSION_PREFIX)
    conn.execute(
        sessions.insert().values(
            token_hash=hash_secret(token),
            user_id=user_id,
            created_at=now,
            expires_at=now + SESSION_LIFETIME,
            last_seen_at=now,
            user_agent=shortened(storable(user_agent), MAX_USER_AGENT) if user_agent else None,
        )
    )
    return token


def list_sessions(conn: sa.Connection, user_id: str, *, now: Millis) -> list[Session]:
    """A user's live sessions, newest first."""
    statement = sa.select(*_FIND.selected_columns).where(sessions.c.user_id == user_id, sessions.c.expires_at > now)
    return [Session(*row) for row in conn.execute(statement.order_by(sessions.c.created_at.desc()))]


def touch_session(conn: sa.Connection, session_id: str, *, now: Millis) -> None:
    """Note that a session was used."""
    conn.execute(sessions.update().where(sessions.c.token_hash == session_id).values(last_seen_at=now))


def end_session(conn: sa.Connection, user_id: str, session_id: str) -> bool:
    """End one of a user's sessions; whether there was such an one."""
    statement = sessions.delete().where(sessions.c.user_id == user_id, sessions.c.token_hash == session_id)
    return conn.execute(statement).rowcount == 1


def end_sessions(conn: sa.Connection, user_id: str, *, but: str | None = None) -> None:
    """End all sessions of a user, or all but one."""
    statement = sessions.delete().where(sessions.c.user_id == user_id)
    if but is not None:
        statement = statement.where(sessions.c.token_hash != but)
    conn.execute(statement)


def make_link(conn: sa.Connection, user_id: str, *, now: Millis) -> str:
    """Make a one-time link for a user; its token, which is kept nowhere. Dead links are swept on the way."""
    conn.execute(sign_in_links.delete().where(sign_in_links.c.expires_at <= now))
    token = new_secret(LINK_PREFIX)
    conn.execute(
        sign_in_links.insert().values(
            token_hash=hash_secret(token), user_id=user_id, created_at=now, expires_at=now + LINK_LIFETIME
        )
    )
    return token


def link_path(token: str) -> str:
    """The page of the web app for a link. Behind the # nothing is sent to servers, so no log can keep it."""
    return f"/sign-in#link={token}"


def link_url(settings: Settings, token: str) -> str:
    """The whole address of that page: under the public address of the server, or the one that it listens on."""
    return settings.address + link_path(token)


def find_link(conn: sa.Connection, token: str, *, now: Millis) -> SignInLink | None:
    """The link of this token, None when it is unknown, used or too old."""
    statement = (
        sa.select(
            users.c.id, users.c.email, users.c.name, users.c.password_hash.is_not(None), sign_in_links.c.expires_at
        )
        .join_from(sign_in_links, users)
        .where(
            sign_in_links.c.token_hash == hash_secret(token),
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > now,
        )
    )
    row = conn.execute(statement).one_or_none()
    return SignInLink(*row) if row is not None else None


def use_link(conn: sa.Connection, token: str, *, now: Millis) -> str | None:
    """Use a link up, with every other one of the same user: the user's id, None when it was no good any more."""
    link = sign_in_links.c
    used = conn.execute(
        sign_in_links.update()
        .where(link.token_hash == hash_secret(token), link.used_at.is_(None), link.expires_at > now)
        .values(used_at=now)
        .returning(link.user_id)
    ).scalar_one_or_none()
    if used is not None:
        conn.execute(sign_in_links.update().where(link.user_id == used, link.used_at.is_(None)).values(used_at=now))
    return used


def password_hash(conn: sa.Connection, user_id: str) -> str | None:
    """The kept hash of a user's password."""
    return conn.execute(sa.select(users.c.password_hash).where(users.c.id == user_id)).scalar_one_or_none()


def set_password_hash(conn: sa.Connection, user_id: str, kept: str) -> None:
    """Keep the hash of a new password."""
    conn.execute(users.update().where(users.c.id == user_id).values(password_hash=kept))

"""API keys: made, listed, deleted, and recognized on every request."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import sqlalchemy as sa

from runwright.accounts import repository
from runwright.accounts.models import Role, api_keys, memberships
from runwright.accounts.repository import ApiKey, Span
from runwright.accounts.service import at_least, get_organization, get_user
from runwright.accounts.validation import clean_name
from runwright.errors import Forbidden, NotFound
from runwright.kit.clock import Millis, now_ms
from runwright.kit.crypto import hash_secret, new_secret, same
from runwright.kit.ids import new_key_id
from runwright.kit.pages import Page

PREFIX = "rw_"
SHOWN_CHARACTERS = len(PREFIX) + 6
TOUCH_EVERY: Millis = 60_000


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who a key speaks for. ``org_id`` None: a key without organization; ``role`` None: its user is no member."""

    key_id: str
    org_id: str | None
    user_id: str
    role: Role | None


# Built once: this runs on every request.
_FIND = (
    sa.select(api_keys.c.id, api_keys.c.org_id, api_keys.c.user_id, memberships.c.role, api_keys.c.secret_hash)
    .join_from(
        api_keys,
        memberships,
        sa.and_(memberships.c.org_id == api_keys.c.org_id, memberships.c.user_id == api_keys.c.user_id),
        isouter=True,
    )
    .where(api_keys.c.secret_hash == sa.bindparam("secret_hash"))
)
_IS_MEMBER = sa.select(memberships.c.role).where(
    memberships.c.org_id == sa.bindparam("org_id"), memberships.c.user_id == sa.bindparam("user_id")
)


def find_key(conn: sa.Connection, secret: str) -> KeyHolder | None:
    """Whom the key with this secret speaks for, by one indexed query; None for an unknown secret."""
    digest = hash_secret(secret)
    row = conn.execute(_FIND, {"secret_hash": digest}).one_or_none()
    # The index compares digests, which tell nothing of the secret; this comparison leaks nothing either.
    if row is None or not same(row.secret_hash, digest):
        return None
    role = Role(row.role) if row.role is not None else None
    return KeyHolder(key_id=row.id, org_id=row.org_id, user_id=row.user_id, role=role)


def is_member(conn: sa.Connection, org_id: str, user_id: str) -> bool:
    """Whether the user belongs to the organization."""
    return conn.execute(_IS_MEMBER, {"org_id": org_id, "user_id": user_id}).first() is not None


class Throttle:
    """Lets each name through once in a while: in memory, bounded, for writes that may be missed."""

    def __init__(self, *, every: Millis = TOUCH_EVERY, size: int = 10_000) -> None:
        self._every = every
        self._size = size
        self._last: OrderedDict[str, Millis] = OrderedDict()

    def due(self, name: str, *, now: Millis) -> bool:
        """Whether it is time again for this name; if so, it counts as done."""
        last = self._last.get(name)
        if last is not None and 0 <= now - last < self._every:
            return False
        self._last[name] = now
        self._last.move_to_end(name)
        if len(self._last) > self._size:
            self._last.popitem(last=False)
        return True


def touch_key(conn: sa.Connection, key_id: str, *, now: Millis) -> None:
    """Note that a key was used. Callers ask a :class:`Throttle` first, and do not wait for it."""
    conn.execute(api_keys.update().where(api_keys.c.id == key_id).values(last_used_at=now))


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made, with its secret, which is kept nowhere."""

    key: ApiKey
    secret: str


def create_key(conn: sa.Connection, *, org_id: str | None, user_id: str, name: str) -> NewKey:
    """Make a key for a user, in an organization or (None) without one.

    Raises:
        Invalid: the name cannot be used.
        NotFound: there is no such organization or user.
    """
    if org_id is not None:
        get_organization(conn, org_id)
    get_user(conn, user_id)
    secret = new_secret(PREFIX)
    key = ApiKey(
        id=new_key_id(),
        org_id=org_id,
        user_id=user_id,
        name=clean_name(name),
        prefix=secret[:SHOWN_CHARACTERS],
        created_at=now_ms(),
        last_used_at=None,
    )
    repository.insert_api_key(conn, key, secret_hash=hash_secret(secret))
    return NewKey(key=key, secret=secret)


def list_own_keys(conn: sa.Connection, *, org_id: str, user_id: str, span: Span) -> Page[ApiKey]:
    """A member's keys in an organization."""
    return repository.list_api_keys(conn, org_id=org_id, user_id=user_id, span=span)


def list_all_keys(conn: sa.Connection, *, by: Role, org_id: str, span: Span) -> Page[ApiKey]:
    """All keys of an organization.

    Raises:
        Forbidden: members see their own only.
    """
    if not at_least(by, Role.ADMIN):
        raise Forbidden("Only admins and owners see the keys of others")
    return repository.list_api_keys(conn, org_id=org_id, span=span)


def list_keys_without_organization(conn: sa.Connection, *, span: Span) -> Page[ApiKey]:
    """The keys that no organization accepts."""
    return repository.list_api_keys(conn, org_id=None, span=span)


def delete_key(conn: sa.Connection, key_id: str, *, org_id: str, by: Role, user_id: str) -> None:
    """Delete one's own key, or as an admin or owner any key of the organization.

    Raises:
        NotFound: there is no such key that this person may delete.
    """
    key = repository.api_key(conn, key_id)
    mine = key is not None and key.user_id == user_id
    if key is None or key.org_id != org_id or not (mine or at_least(by, Role.ADMIN)):
        raise NotFound("API key not found")
    repository.delete_api_key(conn, key_id)


def delete_any_key(conn: sa.Connection, key_id: str) -> None:
    """Delete any key of the installation, also one without organization: for those who run it.

    Raises:
        NotFound: there is no such key.
    """
    if not repository.delete_api_key(conn, key_id):
        raise NotFound("API key not found")

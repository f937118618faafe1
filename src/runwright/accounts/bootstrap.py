"""What the first start makes: an organization, a project, an owner, and the link that lets the owner in."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from runwright.accounts import sessions
from runwright.accounts.models import Role, installation, memberships, organizations, projects, users
from runwright.db.database import insert_ignore
from runwright.kit.clock import now_ms
from runwright.kit.ids import new_uuid

DEFAULT_NAME = "Default"
OWNER_NAME = "Owner"
OWNER_EMAIL = "owner@localhost"

_ROW = 1


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is meant where no organization, project or user is named."""

    org_id: str
    project_id: str
    user_id: str


def ensure_default(conn: sa.Connection) -> Defaults:
    """The default organization, project and owner, made on an empty database.

    Running it again, or twice at once, changes nothing. When the default project was deleted, the organization's
    oldest one stands in; when none is left, a new one is made.
    """
    made = find_default(conn) or _make(conn)
    project_id = _live_project(conn, made) or _insert_project(conn, made.org_id, new_uuid())
    return Defaults(org_id=made.org_id, project_id=project_id, user_id=made.user_id)


def find_complete_default(conn: sa.Connection) -> Defaults | None:
    """What :func:`ensure_default` would answer, or None where it would have to make something."""
    made = find_default(conn)
    project_id = _live_project(conn, made) if made else None
    if made is None or project_id is None:
        return None
    return Defaults(org_id=made.org_id, project_id=project_id, user_id=made.user_id)


def find_default(conn: sa.Connection) -> Defaults | None:
    """What the first start made, or None on an empty database.

    The project may have been deleted since; in the place of an owner who is none any more stands another one.
    """
    made = conn.execute(sa.select(installation).where(installation.c.id == _ROW)).one_or_none()
    if made is None:
        return None
    owner = (
        sa.select(memberships.c.user_id)
        .where(memberships.c.org_id == made.org_id, memberships.c.role == Role.OWNER)
        .order_by(sa.case((memberships.c.user_id == made.owner_id, 0), else_=1), memberships.c.created_at)
        .limit(1)
    )
    user_id = conn.execute(owner).scalar_one()
    return Defaults(org_id=made.org_id, project_id=made.project_id, user_id=user_id)


def first_sign_in_link(conn: sa.Connection, user_id: str) -> str | None:
    """The token of a new one-time link for an owner who has no password yet, None for one who has.

    See :func:`~runwright.accounts.sessions.link_path` for the page it opens.
    """
    if sessions.password_hash(conn, user_id) is not None:
        return None
    return sessions.make_link(conn, user_id, now=now_ms())


def _make(conn: sa.Connection) -> Defaults:
    made = Defaults(org_id=new_uuid(), project_id=new_uuid(), user_id=new_uuid())
    now = now_ms()
    # The first to insert this row wins; on PostgreSQL the second one waits here until the first has committed.
    first = insert_ignore(
        conn,
        installation,
        {
            "id": _ROW,
            "org_id": made.org_id,
            "project_id": made.project_id,
            "owner_id": made.user_id,
            "created_at": now,
        },
    )
    if not first:
        return _found_after_race(conn)
    conn.execute(organizations.insert().values(id=made.org_id, name=DEFAULT_NAME, created_at=now))
    conn.execute(users.insert().values(id=made.user_id, email=OWNER_EMAIL, name=OWNER_NAME, created_at=now))
    conn.execute(memberships.insert().values(org_id=made.org_id, user_id=made.user_id, role=Role.OWNER, created_at=now))
    _insert_project(conn, made.org_id, made.project_id)
    return made


def _found_after_race(conn: sa.Connection) -> Defaults:
    found = find_default(conn)
    if found is None:
        raise RuntimeError("the installation's row was neither written nor found")
    return found


def _live_project(conn: sa.Connection, made: Defaults) -> str | None:
    """The default project, or the oldest one left when it was deleted."""
    rest = sa.select(projects.c.id).where(projects.c.org_id == made.org_id)
    return conn.execute(
        rest.order_by(sa.case((projects.c.id == made.project_id, 0), else_=1), projects.c.id).limit(1)
    ).scalar_one_or_none()


def _insert_project(conn: sa.Connection, org_id: str, project_id: str) -> str:
    conn.execute(projects.insert().values(id=project_id, org_id=org_id, name=DEFAULT_NAME, created_at=now_ms()))
    return project_id

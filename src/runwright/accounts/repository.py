"""Organizations, people, projects and keys as rows. Every query about an organization's things names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from runwright.accounts.models import Role, api_keys, memberships, organizations, projects, users
from runwright.kit import pages
from runwright.kit.clock import Millis
from runwright.kit.money import Micros
from runwright.kit.pages import Page

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Organization:
    """A tenant. ``credit_limit_micros`` None: no limit."""

    id: str
    name: str
    credit_limit_micros: Micros | None
    created_at: Millis


@dataclass(frozen=True, slots=True)
class User:
    """A person. Without a password they can only come in by a one-time link, or with an API key."""

    id: str
    email: str
    name: str
    has_password: bool
    created_at: Millis


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an organization."""

    user_id: str
    email: str
    name: str
    role: Role
    created_at: Millis


@dataclass(frozen=True, slots=True)
class Project:
    """A place for workflows. ``default_model``: ``vendor:name`` for agent blocks that name none."""

    id: str
    org_id: str
    name: str
    default_model: str | None
    created_at: Millis


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is kept of a key: never the secret, only its first characters."""

    id: str
    org_id: str | None
    user_id: str
    name: str
    prefix: str
    created_at: Millis
    last_used_at: Millis | None


@dataclass(frozen=True, slots=True)
class Span:
    """Which piece of a list is wanted: how many rows, and after which one."""

    limit: int = pages.DEFAULT_LIMIT
    after: str | None = None


_ORGANIZATION = sa.select(
    organizations.c.id, organizations.c.name, organizations.c.credit_limit_micros, organizations.c.created_at
)
_USER = sa.select(
    users.c.id,
    users.c.email,
    users.c.name,
    users.c.password_hash.is_not(None).label("has_password"),
    users.c.created_at,
)
_MEMBER = sa.select(
    memberships.c.user_id, users.c.email, users.c.name, memberships.c.role, memberships.c.created_at
).join_from(memberships, users)
_PROJECT = sa.select(projects.c.id, projects.c.org_id, projects.c.name, projects.c.default_model, projects.c.created_at)
_KEY = sa.select(
    api_keys.c.id,
    api_keys.c.org_id,
    api_keys.c.user_id,
    api_keys.c.name,
    api_keys.c.prefix,
    api_keys.c.created_at,
    api_keys.c.last_used_at,
)

Select = sa.Select[Any]


def _page(
    conn: sa.Connection,
    statement: Select,
    kind: Callable[..., R],
    *,
    by: sa.ColumnElement[str],
    span: Span,
    newest: bool = True,
) -> Page[R]:
    """Rows in the order of an identifier that sorts by time, from the one after ``span.after``."""
    if span.after is not None:
        statement = statement.where(by < span.after if newest else by > span.after)
    ordered = statement.order_by(by.desc() if newest else by.asc()).limit(span.limit + 1)
    rows = conn.execute(ordered.add_columns(by.label("cursor"))).all()
    page = pages.cut(rows, limit=span.limit, cursor_of=lambda row: str(row.cursor))
    return Page(items=[kind(*row[:-1]) for row in page.items], next_cursor=page.next_cursor)


def _one(conn: sa.Connection, statement: Select, kind: Callable[..., R]) -> R | None:
    row = conn.execute(statement).one_or_none()
    return kind(*row) if row is not None else None


# Organizations


def organization(conn: sa.Connection, org_id: str) -> Organization | None:
    """One organization."""
    return _one(conn, _ORGANIZATION.where(organizations.c.id == org_id), Organization)


def list_organizations(conn: sa.Connection, *, of_user: str | None = None, span: Span) -> Page[Organization]:
    """All organizations, or those a user is a member of; newest first."""
    statement = _ORGANIZATION
    if of_user is not None:
        statement = statement.join(memberships).where(memberships.c.user_id == of_user)
    return _page(conn, statement, Organization, by=organizations.c.id, span=span)


def insert_organization(conn: sa.Connection, row: Organization) -> None:
    """Add an organization."""
    conn.execute(
        organizations.insert().values(
            id=row.id, name=row.name, credit_limit_micros=row.credit_limit_micros, created_at=row.created_at
        )
    )


def rename_organization(conn: sa.Connection, org_id: str, *, name: str) -> bool:
    """Change an organization's name; whether there was one."""
    return conn.execute(organizations.update().where(organizations.c.id == org_id).values(name=name)).rowcount == 1


def lock_organization(conn: sa.Connection, org_id: str) -> bool:
    """Make other changes of the organization's members wait for this transaction; whether there is such an one."""
    statement = sa.select(organizations.c.id).where(organizations.c.id == org_id).with_for_update()
    return conn.execute(statement).first() is not None


def delete_organization(conn: sa.Connection, org_id: str) -> bool:
    """Delete an organization with all that is its own, in whatever table; whether there was one."""
    # The whole catalogue, so that a table added later is not forgotten here.
    from runwright.db.tables import executions, metadata

    its_executions = sa.select(executions.executions.c.id).where(executions.executions.c.org_id == org_id)
    for table in reversed(metadata.sorted_tables):
        if "execution_id" in table.c and "org_id" not in table.c:
            conn.execute(table.delete().where(table.c.execution_id.in_(its_executions)))
    for table in reversed(metadata.sorted_tables):
        if "org_id" in table.c and table.name != "installation":
            conn.execute(table.delete().where(table.c.org_id == org_id))
    return conn.execute(organizations.delete().where(organizations.c.id == org_id)).rowcount == 1


def has_live_executions(conn: sa.Connection, org_id: str) -> bool:
    """Whether the organization has executions that are not settled yet."""
    from runwright.executions.models import executions

    statement = sa.select(executions.c.id).where(executions.c.org_id == org_id, executions.c.finished_at.is_(None))
    return conn.execute(statement.limit(1)).first() is not None


# Users


def user(conn: sa.Connection, user_id: str) -> User | None:
    """One user."""
    return _one(conn, _USER.where(users.c.id == user_id), User)


def user_by_email(conn: sa.Connection, email: str) -> User | None:
    """The user with this e-mail address, given in lower case."""
    return _one(conn, _USER.where(users.c.email == email), User)


def list_users(conn: sa.Connection, *, span: Span) -> Page[User]:
    """All users of the installation, newest first."""
    return _page(conn, _USER, User, by=users.c.id, span=span)


def insert_user(conn: sa.Connection, row: User) -> None:
    """Add a user without a password.

    Raises:
        sqlalchemy.exc.IntegrityError: the e-mail address is taken.
    """
    conn.execute(users.insert().values(id=row.id, email=row.email, name=row.name, created_at=row.created_at))


def update_user(conn: sa.Connection, user_id: str, *, name: str, email: str) -> bool:
    """Change a user's name and address; whether there was one.

    Raises:
        sqlalchemy.exc.IntegrityError: the e-mail address is taken.
    """
    return conn.execute(users.update().where(users.c.id == user_id).values(name=name, email=email)).rowcount == 1


def delete_user(conn: sa.Connection, user_id: str) -> bool:
    """Delete a user with their memberships, keys and sessions; whether there was one."""
    return conn.execute(users.delete().where(users.c.id == user_id)).rowcount == 1


# Members


def role_of(conn: sa.Connection, org_id: str, user_id: str) -> Role | None:
    """The user's role in the organization, None for one who is no member."""
    row = conn.execute(_membership(sa.select(memberships.c.role), org_id, user_id)).scalar_one_or_none()
    return Role(row) if row is not None else None


def memberships_of(conn: sa.Connection, user_id: str) -> list[tuple[Organization, Role]]:
    """The organizations a user is in, oldest first, with the role in each."""
    statement = _ORGANIZATION.add_columns(memberships.c.role).join(memberships)
    rows = conn.execute(statement.where(memberships.c.user_id == user_id).order_by(organizations.c.id))
    return [(Organization(*row[:-1]), Role(row.role)) for row in rows]


def member(conn: sa.Connection, org_id: str, user_id: str) -> Member | None:
    """One member."""
    return _one(conn, _membership(_MEMBER, org_id, user_id), _member)


def list_members(conn: sa.Connection, org_id: str, *, span: Span) -> Page[Member]:
    """The organization's members, those whose account is newest first."""
    statement = _MEMBER.where(memberships.c.org_id == org_id)
    return _page(conn, statement, _member, by=memberships.c.user_id, span=span)


def owner_count(conn: sa.Connection, org_id: str) -> int:
    """How many owners the organization has."""
    statement = sa.select(sa.func.count()).where(memberships.c.org_id == org_id, memberships.c.role == Role.OWNER)
    return conn.execute(statement).scalar_one()


def insert_member(conn: sa.Connection, org_id: str, user_id: str, *, role: Role, now: Millis) -> None:
    """Make a user a member."""
    conn.execute(memberships.insert().values(org_id=org_id, user_id=user_id, role=role.value, created_at=now))


def set_role(conn: sa.Connection, org_id: str, user_id: str, *, role: Role) -> None:
    """Change a member's role."""
    conn.execute(_membership(memberships.update(), org_id, user_id).values(role=role.value))


def delete_member(conn: sa.Connection, org_id: str, user_id: str) -> None:
    """Take a user out of an organization. Their keys stay, and are refused from now on."""
    conn.execute(_membership(memberships.delete(), org_id, user_id))


S = TypeVar("S", sa.Select[Any], sa.Update, sa.Delete)


def _membership(statement: S, org_id: str, user_id: str) -> S:
    return statement.where(memberships.c.org_id == org_id, memberships.c.user_id == user_id)


def _member(user_id: str, email: str, name: str, role: str, created_at: Millis) -> Member:
    return Member(user_id=user_id, email=email, name=name, role=Role(role), created_at=created_at)


# Projects


def project(conn: sa.Connection, org_id: str, project_id: str) -> Project | None:
    """One project of the organization."""
    return _one(conn, _PROJECT.where(projects.c.org_id == org_id, projects.c.id == project_id), Project)


def first_project(conn: sa.Connection, org_id: str) -> Project | None:
    """The organization's oldest project: the one meant where none is named."""
    statement = _PROJECT.where(projects.c.org_id == org_id).order_by(projects.c.id).limit(1)
    return _one(conn, statement, Project)


def list_projects(conn: sa.Connection, org_id: str, *, span: Span) -> Page[Project]:
    """The organization's projects, oldest first."""
    statement = _PROJECT.where(projects.c.org_id == org_id)
    return _page(conn, statement, Project, by=projects.c.id, span=span, newest=False)


def insert_project(conn: sa.Connection, row: Project) -> None:
    """Add a project."""
    conn.execute(
        projects.insert().values(
            id=row.id, org_id=row.org_id, name=row.name, default_model=row.default_model, created_at=row.created_at
        )
    )


def update_project(conn: sa.Connection, org_id: str, project_id: str, *, name: str, default_model: str | None) -> None:
    """Change a project's name and default model."""
    statement = projects.update().where(projects.c.org_id == org_id, projects.c.id == project_id)
    conn.execute(statement.values(name=name, default_model=default_model))


def delete_project(conn: sa.Connection, org_id: str, project_id: str) -> bool:
    """Delete a project, its workflows stay and point at nothing; whether there was one."""
    statement = projects.delete().where(projects.c.org_id == org_id, projects.c.id == project_id)
    return conn.execute(statement).rowcount == 1


# API keys


def api_key(conn: sa.Connection, key_id: str) -> ApiKey | None:
    """One key of the installation, with or without an organization."""
    return _one(conn, _KEY.where(api_keys.c.id == key_id), ApiKey)


def list_api_keys(conn: sa.Connection, *, org_id: str | None, user_id: str | None = None, span: Span) -> Page[ApiKey]:
    """Keys of an organization, or those without one; all of them or one user's, newest first."""
    statement = _KEY.where(api_keys.c.org_id == org_id)
    if user_id is not None:
        statement = statement.where(api_keys.c.user_id == user_id)
    # Key ids are random, so the moment of creation leads.
    by = sa.cast(api_keys.c.created_at, sa.String) + "." + api_keys.c.id
    return _page(conn, statement, ApiKey, by=by, span=span)


def insert_api_key(conn: sa.Connection, row: ApiKey, *, secret_hash: str) -> None:
    """Add a key."""
    conn.execute(
        api_keys.insert().values(
            id=row.id,
            org_id=row.org_id,
            user_id=row.user_id,
            name=row.name,
            prefix=row.prefix,
            secret_hash=secret_hash,
            created_at=row.created_at,
        )
    )


def delete_api_key(conn: sa.Connection, key_id: str) -> bool:
    """Delete a key: from the next request on it is unknown. Whether there was one."""
    return conn.execute(api_keys.delete().where(api_keys.c.id == key_id)).rowcount == 1

"""What the options ``--org``, ``--project`` and ``--user`` name: by identifier, or by a name that only one thing has.

Without an option the thing made at the first start is meant.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from runwright.accounts.bootstrap import Defaults, ensure_default, find_default
from runwright.accounts.models import Role, api_keys, memberships, organizations, projects, users
from runwright.errors import Invalid, NotFound
from runwright.kit.text import storable
from runwright.workflows.models import workflows


def first_start(conn: sa.Connection) -> Defaults:
    """What the first start made, made now if there was none; its project may have been deleted since."""
    return find_default(conn) or ensure_default(conn)


def org_id(conn: sa.Connection, text: str | None) -> str:
    """The organization that is named.

    Raises:
        NotFound: there is none.
        Invalid: several have this name.
    """
    first = first_start(conn)
    if text is None:
        return first.org_id
    return _only(conn, _matching(organizations.c.id, text, organizations.c.name), what="organization", text=text)


def user_id(conn: sa.Connection, text: str | None, *, in_org: str | None = None) -> str:
    """The user who is named, or the first start's owner; of another organization its own oldest owner.

    Raises:
        NotFound: there is none.
        Invalid: several have this name.
    """
    owner = first_start(conn).user_id
    if text is not None:
        by_email = sa.select(users.c.id).where(users.c.email == storable(text).strip().lower())
        found: str | None = conn.execute(by_email).scalar_one_or_none()
        return found or _only(conn, _matching(users.c.id, text, users.c.name), what="user", text=text)
    if in_org is None:
        return owner
    of_org = sa.select(memberships.c.user_id).where(memberships.c.org_id == in_org)
    rank = sa.case((memberships.c.user_id == owner, 0), (memberships.c.role == Role.OWNER, 1), else_=2)
    return conn.execute(of_org.order_by(rank, memberships.c.created_at).limit(1)).scalar_one_or_none() or owner


def project_id(conn: sa.Connection, text: str | None, *, org: str | None) -> str:
    """The project that is named, in the organization that is named or, by its identifier, in any.

    Without a name: the first start's, or the oldest one of the organization that is named.

    Raises:
        NotFound: there is none.
        Invalid: several have this name.
    """
    if text is None and org is None:
        return ensure_default(conn).project_id
    owner = org_id(conn, org)
    in_org = projects.c.org_id == owner
    if text is None:
        oldest = sa.select(projects.c.id).where(in_org).order_by(projects.c.id).limit(1)
        found: str | None = conn.execute(oldest).scalar_one_or_none()
        if found is None:
            raise NotFound("The organization has no project; make one with: runwright admin projects create")
        return found
    statement = _matching(projects.c.id, text, projects.c.name)
    if org is not None or not _has_id(conn, projects, text):
        statement = statement.where(in_org)
    return _only(conn, statement, what="project", text=text)


def key_id(conn: sa.Connection, text: str, *, org: str | None) -> str:
    """The API key that is named: by its identifier in any organization, by its name in the one that is named.

    Raises:
        NotFound: there is none.
        Invalid: several have this name.
    """
    statement = _matching(api_keys.c.id, text, api_keys.c.name)
    if not _has_id(conn, api_keys, text):
        statement = statement.where(api_keys.c.org_id == org_id(conn, org))
    return _only(conn, statement, what="API key", text=text)


def org_of_project(conn: sa.Connection, project: str) -> str:
    """The organization of a project that exists."""
    owner: str = conn.execute(sa.select(projects.c.org_id).where(projects.c.id == project)).scalar_one()
    return owner


def org_of_workflow(conn: sa.Connection, workflow: str, *, org: str | None) -> str:
    """The organization of a workflow: the one that is named, or whichever has it.

    Raises:
        NotFound: there is no such workflow.
    """
    if org is not None:
        return org_id(conn, org)
    statement = sa.select(workflows.c.org_id).where(workflows.c.id == storable(workflow))
    owner: str | None = conn.execute(statement).scalar_one_or_none()
    if owner is None:
        raise NotFound(f"There is no workflow {storable(workflow)}")
    return owner


def _has_id(conn: sa.Connection, table: sa.Table, text: str) -> bool:
    return conn.execute(sa.select(table.c.id).where(table.c.id == storable(text))).first() is not None


def _matching(identifier: sa.Column[str], text: str, name: sa.Column[str]) -> sa.Select[tuple[str]]:
    wanted = storable(text).strip()
    return sa.select(identifier).where(sa.or_(identifier == wanted, name == wanted))


def _only(conn: sa.Connection, statement: sa.Select[tuple[str]], *, what: str, text: str) -> str:
    found: Sequence[str] = conn.execute(statement.limit(6)).scalars().all()
    if len(found) == 1:
        return found[0]
    shown = storable(text)
    if not found:
        raise NotFound(f"There is no {what} “{shown}”")
    raise Invalid(f"Several are called “{shown}”; name the {what} by its id: {', '.join(found[:5])}")

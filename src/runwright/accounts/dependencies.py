"""Who is calling, for which organization and project: the dependencies that guard every route.

A route is closed unless it depends on one of these or is marked with :func:`public`; :func:`open_routes` finds the
ones that are neither.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from fastapi import Depends, FastAPI, Header, Path, Query, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from fastapi.security import APIKeyCookie, APIKeyHeader

from runwright.accounts import repository, service
from runwright.accounts.bootstrap import find_default
from runwright.accounts.door import Door
from runwright.accounts.keys import KeyHolder, find_key
from runwright.accounts.models import Role
from runwright.accounts.repository import Project, Span
from runwright.accounts.schemas import REFERENCE_PATTERN
from runwright.accounts.sessions import Session, find_session
from runwright.accounts.sign_in import Browser
from runwright.db.database import Database
from runwright.errors import Forbidden, Invalid, NotFound, Unauthenticated
from runwright.kit.clock import now_ms
from runwright.kit.pages import DEFAULT_LIMIT, MAX_LIMIT

COOKIE = "runwright_session"
NO_ACCESS = "You do not have access to this organization"
CSRF_HEADER = "X-Runwright-CSRF"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_REFERENCE = re.compile(REFERENCE_PATTERN)
_key_header = APIKeyHeader(name="x-api-key", scheme_name="ApiKey", auto_error=False)
_cookie = APIKeyCookie(name=COOKIE, scheme_name="Session", auto_error=False)

F = TypeVar("F", bound=Callable[..., Any])


def database_of(request: Request) -> Database:
    """The server's database."""
    database: Database = request.app.state.database
    return database


def door_of(request: Request) -> Door:
    """The server's one :class:`Door`, made at the first call."""
    state = request.app.state
    if not hasattr(state, "door"):
        state.door = Door(state.database, state.settings, state.background)
    door: Door = state.door
    return door


# Who


@dataclass(frozen=True, slots=True)
class Identity:
    """A person who proved who they are, by a key (which belongs to one organization) or by a session."""

    user_id: str
    key: KeyHolder | None = None
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """A person acting in an organization, with a role there."""

    user_id: str
    org_id: str
    role: Role
    identity: Identity

    @property
    def key_id(self) -> str | None:
        """The key that was used, None for a session."""
        return self.identity.key.key_id if self.identity.key else None


async def require_identity(
    request: Request,
    key: Annotated[str | None, Security(_key_header)] = None,
    token: Annotated[str | None, Security(_cookie)] = None,
) -> Identity:
    """Whoever calls, by key or by session.

    Raises:
        Unauthenticated: neither is there, or it is not good (any more).
        Forbidden: a request of a session that another site may have made.
    """
    if key is not None:
        return await _by_key(request, key)
    if token is not None:
        return await _by_session(request, token)
    raise Unauthenticated("Sign in, or send an API key in the x-api-key header")


async def _by_key(request: Request, secret: str) -> Identity:
    holder = await database_of(request).read(lambda conn: find_key(conn, secret))
    if holder is None:
        raise Unauthenticated("Invalid API key")
    if holder.org_id is None:
        raise Forbidden("API key is not associated with an organization")
    if holder.role is None:
        raise Forbidden("The API key's user is not a member of its organization any more")
    door_of(request).key_used(holder.key_id)
    return Identity(user_id=holder.user_id, key=holder)


async def _by_session(request: Request, token: str) -> Identity:
    session = await database_of(request).read(lambda conn: find_session(conn, token, now=now_ms()))
    if session is None:
        raise Unauthenticated("The session has ended; sign in again")
    if request.method not in SAFE_METHODS:
        require_same_origin(request)
    door_of(request).session_used(session.id)
    return Identity(user_id=session.user_id, session=session)


def require_same_origin(request: Request) -> None:
    """Refuse what another site may have made a browser send: such a request cannot carry a header of its own.

    Raises:
        Forbidden: the header ``X-Runwright-CSRF`` is missing, or the browser says that another site asks.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("Requests of a signed-in browser are taken from this server's own pages only")
    if not request.headers.get(CSRF_HEADER):
        raise Forbidden(f"A request with a session needs the header {CSRF_HEADER}: 1")


async def require_installation_admin(
    request: Request, identity: Annotated[Identity, Depends(require_identity)]
) -> Identity:
    """Whoever runs the installation.

    Raises:
        Forbidden: the caller does not.
    """
    if not await database_of(request).read(lambda conn: runs_installation(conn, identity)):
        raise Forbidden("Only an owner of the installation's first organization may do this")
    return identity


def runs_installation(conn: sa.Connection, identity: Identity) -> bool:
    """Whether this is an owner of the first organization, and a key, if one was used, belongs to that one."""
    default = find_default(conn)
    if default is None or (identity.key is not None and identity.key.org_id != default.org_id):
        return False
    return repository.role_of(conn, default.org_id, identity.user_id) is Role.OWNER


# For which organization

Wanted = Annotated[
    str | None,
    Header(alias="X-Runwright-Organization", description="Organization to act in. Default: the key's, or the first."),
]
WantedByQuery = Annotated[
    str | None, Query(alias="organization", description="The same as the header X-Runwright-Organization.")
]


async def require_caller(
    request: Request,
    identity: Annotated[Identity, Depends(require_identity)],
    by_header: Wanted = None,
    by_query: WantedByQuery = None,
) -> Caller:
    """The caller in an organization of theirs: the key's; of a session the one that is named, or the first.

    Raises:
        Forbidden: the caller does not act for the organization that is named.
    """
    wanted = by_header or by_query
    return await database_of(request).read(lambda conn: _caller(conn, identity, wanted))


async def require_manager(
    request: Request,
    identity: Annotated[Identity, Depends(require_identity)],
    by_header: Wanted = None,
    by_query: WantedByQuery = None,
) -> Caller:
    """As :func:`require_caller`; who runs the installation may also name any other organization, as its owner.

    Only for the management of organizations: never for what they make and keep in their projects.

    Raises:
        Forbidden: the caller does not act for the organization that is named.
        NotFound: who runs the installation named one that does not exist.
    """
    wanted = by_header or by_query
    return await database_of(request).read(lambda conn: manager_of(conn, identity, wanted))


def _caller(conn: sa.Connection, identity: Identity, wanted: str | None) -> Caller:
    org_id, role = _own(conn, identity, wanted)
    if role is None:
        raise Forbidden(NO_ACCESS)
    return Caller(user_id=identity.user_id, org_id=org_id, role=role, identity=identity)


def manager_of(conn: sa.Connection, identity: Identity, wanted: str | None) -> Caller:
    """See :func:`require_manager`."""
    org_id, role = _own(conn, identity, wanted)
    if role is None:
        if not runs_installation(conn, identity):
            raise Forbidden(NO_ACCESS)
        service.get_organization(conn, org_id)
        role = Role.OWNER
    return Caller(user_id=identity.user_id, org_id=org_id, role=role, identity=identity)


def _own(conn: sa.Connection, identity: Identity, wanted: str | None) -> tuple[str, Role | None]:
    """The organization that is meant, and the role in it; None for one that is not the caller's."""
    wanted = reference(wanted, missing="Organization not found") if wanted else None
    if identity.key is not None and identity.key.org_id is not None:
        own = identity.key.org_id
        return (own, identity.key.role) if wanted in (None, own) else (str(wanted), None)
    if wanted is not None:
        return wanted, repository.role_of(conn, wanted, identity.user_id)
    for organization, role in repository.memberships_of(conn, identity.user_id):
        return organization.id, role
    raise Forbidden("You are not a member of any organization; ask an admin of one to add you")


def require_role(least: Role) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the caller as of :func:`require_caller`, with at least this role.

    The dependency raises:
        Forbidden: the caller's role is less.
    """

    async def require(caller: Annotated[Caller, Depends(require_caller)]) -> Caller:
        return _with_role(caller, least)

    return require


def require_manager_role(least: Role) -> Callable[..., Awaitable[Caller]]:
    """The same for a caller as of :func:`require_manager`."""

    async def require(caller: Annotated[Caller, Depends(require_manager)]) -> Caller:
        return _with_role(caller, least)

    return require


def _with_role(caller: Caller, least: Role) -> Caller:
    if not service.at_least(caller.role, least):
        raise Forbidden(f"This needs the role {least.value} in the organization; yours is {caller.role.value}")
    return caller


# In which project


async def require_project(
    request: Request,
    caller: Annotated[Caller, Depends(require_caller)],
    by_header: Annotated[
        str | None, Header(alias="X-Runwright-Project", description="Project to act in. Default: the oldest one.")
    ] = None,
    by_query: Annotated[
        str | None, Query(alias="project", description="The same as the header X-Runwright-Project.")
    ] = None,
) -> Project:
    """The project of the caller's organization that is named, or its oldest one.

    Raises:
        NotFound: the organization has no such project, or none at all.
    """
    wanted = by_header or by_query
    return await database_of(request).read(lambda conn: _project(conn, caller.org_id, wanted))


def _project(conn: sa.Connection, org_id: str, wanted: str | None) -> Project:
    if wanted:
        return service.get_project(conn, org_id, reference(wanted, missing="Project not found"))
    first = repository.first_project(conn, org_id)
    if first is None:
        raise NotFound("The organization has no project; create one first")
    return first


CurrentIdentity = Annotated[Identity, Depends(require_identity)]
CurrentCaller = Annotated[Caller, Depends(require_caller)]
CurrentProject = Annotated[Project, Depends(require_project)]


# What else requests bring


def reference(text: str, *, missing: str) -> str:
    """An identifier as sent, if it can be one at all.

    Raises:
        NotFound: it cannot, so nothing has it; with the message given.
    """
    if _REFERENCE.fullmatch(text) is None:
        raise NotFound(missing)
    return text


def requested_span(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many to answer at most.")] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(description="The nextCursor of the piece before.")] = None,
) -> Span:
    """Which piece of a list is asked for.

    Raises:
        Invalid: the cursor is none of ours.
    """
    if cursor is not None and _REFERENCE.fullmatch(cursor) is None:
        raise Invalid("cursor: must be the nextCursor of an earlier answer", details={"field": "cursor"})
    return Span(limit=limit, after=cursor)


PathId = Annotated[str, Path(pattern=REFERENCE_PATTERN)]
RequestedSpan = Annotated[Span, Depends(requested_span)]


def browser_of(request: Request) -> Browser:
    """Where a request comes from. An IPv6 network counts as one address, since it is one customer's."""
    host = request.client.host if request.client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return Browser(address=host, user_agent=request.headers.get("user-agent"))
    if address.version == 6:
        host = str(ipaddress.ip_network((address, 64), strict=False))
    return Browser(address=host, user_agent=request.headers.get("user-agent"))


# Nothing is open by mistake


def public(endpoint: F) -> F:
    """Mark a route that anybody may call, or that looks after its callers itself."""
    endpoint.__dict__["is_public"] = True
    return endpoint


def open_routes(app: FastAPI) -> list[str]:
    """The routes, as ``GET /path``, that neither ask who is calling nor are marked with :func:`public`."""
    found = []
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context, "dependant", None)
        if not isinstance(dependant, Dependant):
            continue
        marked = getattr(context.endpoint, "is_public", False)
        if not marked and require_identity not in _calls(dependant):
            found += [f"{method} {context.path}" for method in sorted(context.methods or ())]
    return found


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any] | None]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)

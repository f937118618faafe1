"""Coming in, going out, and oneself: ``/session``, ``/sessions``, ``/setup`` and ``/me``."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request, Response

from runwright.accounts import repository, service, sessions
from runwright.accounts.bootstrap import find_default
from runwright.accounts.dependencies import (
    COOKIE,
    CurrentIdentity,
    Identity,
    PathId,
    browser_of,
    database_of,
    door_of,
    public,
    require_same_origin,
    runs_installation,
)
from runwright.accounts.schemas import (
    LinkHolderOut,
    LinkIn,
    MeChange,
    MembershipOut,
    MeOut,
    OrganizationOut,
    PasswordIn,
    SessionOut,
    SetupIn,
    SetupOut,
    SignInIn,
    UserOut,
)
from runwright.errors import NotFound
from runwright.kit.clock import now_ms

router = APIRouter(tags=["session"])
_own_page = [Depends(require_same_origin)]


@router.post("/session", status_code=204, dependencies=_own_page)
@public
async def sign_in(body: SignInIn, request: Request, response: Response) -> None:
    """Sign in with e-mail and password; the answer sets the session's cookie."""
    token = await door_of(request).sign_in.with_password(
        email=body.email, password=body.password.get_secret_value(), browser=browser_of(request)
    )
    _set_cookie(request, response, token)


@router.delete("/session", status_code=204)
async def sign_out(identity: CurrentIdentity, request: Request, response: Response) -> None:
    """End this session."""
    session = identity.session
    if session is not None:
        await database_of(request).write(lambda conn: sessions.end_session(conn, identity.user_id, session.id))
    response.delete_cookie(COOKIE, path="/")


@router.get("/sessions")
async def list_sessions(identity: CurrentIdentity, request: Request) -> list[SessionOut]:
    """Where one is signed in, newest first."""
    current = identity.session.id if identity.session else None
    found = await database_of(request).read(lambda conn: sessions.list_sessions(conn, identity.user_id, now=now_ms()))
    return [SessionOut.of(session, current_id=current) for session in found]


@router.delete("/sessions", status_code=204)
async def sign_out_everywhere(identity: CurrentIdentity, request: Request, response: Response) -> None:
    """End all one's sessions, this one too."""
    await database_of(request).write(lambda conn: sessions.end_sessions(conn, identity.user_id))
    response.delete_cookie(COOKIE, path="/")


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(session_id: PathId, identity: CurrentIdentity, request: Request) -> None:
    """End one of one's sessions."""
    ended = await database_of(request).write(lambda conn: sessions.end_session(conn, identity.user_id, session_id))
    if not ended:
        raise NotFound("Session not found")


@router.get("/setup")
@public
async def setup_state(request: Request) -> SetupOut:
    """Whether the owner has yet to come by the link that the server printed when it started."""
    return SetupOut(needs_setup=await database_of(request).read(_needs_setup))


@router.post("/setup/inspect", dependencies=_own_page)
@public
async def inspect_link(body: LinkIn, request: Request) -> LinkHolderOut:
    """Whom a one-time link is for. Looking at it does not use it up."""
    return LinkHolderOut.of(await door_of(request).sign_in.inspect_link(body.token.get_secret_value()))


@router.post("/setup", status_code=204, dependencies=_own_page)
@public
async def use_link(body: SetupIn, request: Request, response: Response) -> None:
    """Use a one-time link: it sets the password, ends all other sessions and signs in."""
    token = await door_of(request).sign_in.with_link(
        body.token.get_secret_value(),
        password=body.password.get_secret_value(),
        name=body.name,
        email=body.email,
        browser=browser_of(request),
    )
    _set_cookie(request, response, token)


@router.get("/me")
async def me(identity: CurrentIdentity, request: Request) -> MeOut:
    """Who is calling, and where they belong."""
    return await database_of(request).read(lambda conn: _me(conn, identity))


@router.patch("/me")
async def change_me(body: MeChange, identity: CurrentIdentity, request: Request) -> MeOut:
    """Change one's name or e-mail address."""
    if body.email is not None:
        await _confirm(request, identity, body)
    return await database_of(request).write(lambda conn: _changed_me(conn, identity, body))


@router.put("/me/password", status_code=204)
async def change_password(body: PasswordIn, identity: CurrentIdentity, request: Request) -> None:
    """Set a new password; all one's other sessions end."""
    await door_of(request).sign_in.change_password(
        identity.user_id,
        current=body.current_password.get_secret_value(),
        new=body.new_password.get_secret_value(),
        session_id=identity.session.id if identity.session else None,
    )


def _set_cookie(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=sessions.SESSION_LIFETIME // 1000,
        path="/",
        httponly=True,
        samesite="lax",
        secure=door_of(request).secure_cookies or request.url.scheme == "https",
    )


def _needs_setup(conn: sa.Connection) -> bool:
    default = find_default(conn)
    return default is None or sessions.password_hash(conn, default.user_id) is None


def _me(conn: sa.Connection, identity: Identity) -> MeOut:
    own = repository.memberships_of(conn, identity.user_id)
    key = identity.key
    # A key belongs to one organization and does not tell of its user's others.
    own = [pair for pair in own if key is None or pair[0].id == key.org_id]
    return MeOut(
        user=UserOut.of(service.get_user(conn, identity.user_id)),
        memberships=[MembershipOut(organization=OrganizationOut.of(org), role=role) for org, role in own],
        api_key_id=key.key_id if key else None,
        runs_installation=runs_installation(conn, identity),
    )


async def _confirm(request: Request, identity: Identity, body: MeChange) -> None:
    person = await database_of(request).read(lambda conn: service.get_user(conn, identity.user_id))
    if person.has_password:
        given = body.current_password.get_secret_value() if body.current_password else ""
        await door_of(request).sign_in.confirm(identity.user_id, given)


def _changed_me(conn: sa.Connection, identity: Identity, body: MeChange) -> MeOut:
    service.update_user(conn, identity.user_id, name=body.name, email=body.email)
    return _me(conn, identity)

"""The installation: its organizations and users."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request

from runwright.accounts import repository, service, sessions
from runwright.accounts.dependencies import (
    CurrentIdentity,
    Identity,
    PathId,
    RequestedSpan,
    database_of,
    manager_of,
    require_installation_admin,
    runs_installation,
)
from runwright.accounts.models import Role
from runwright.accounts.repository import Organization, Span
from runwright.accounts.schemas import LinkOut, NameIn, OrganizationIn, OrganizationOut, UserChange, UserIn, UserOut
from runwright.errors import Forbidden
from runwright.kit.clock import now_ms
from runwright.kit.pages import Page
from runwright.kit.schemas import Listed

router = APIRouter()
InstallationAdmin = Annotated[Identity, Depends(require_installation_admin)]


@router.get("/organizations", tags=["organizations"])
async def list_organizations(
    identity: CurrentIdentity, span: RequestedSpan, request: Request
) -> Listed[OrganizationOut]:
    """One's organizations; all of them for those who run the installation."""
    page = await database_of(request).read(lambda conn: _organizations(conn, identity, span))
    return Listed[OrganizationOut].of(page, OrganizationOut.of)


@router.post("/organizations", tags=["organizations"], status_code=201)
async def create_organization(body: OrganizationIn, admin: InstallationAdmin, request: Request) -> OrganizationOut:
    """Make an organization with an owner and a first project. For those who run the installation."""
    owner_id = body.owner_id or admin.user_id
    made = await database_of(request).write(
        lambda conn: service.create_organization(conn, name=body.name, owner_id=owner_id)
    )
    return OrganizationOut.of(made)


@router.get("/organizations/{org_id}", tags=["organizations"])
async def get_organization(org_id: PathId, identity: CurrentIdentity, request: Request) -> OrganizationOut:
    """One organization."""

    def find(conn: sa.Connection) -> Organization:
        manager_of(conn, identity, org_id)
        return service.get_organization(conn, org_id)

    return OrganizationOut.of(await database_of(request).read(find))


@router.patch("/organizations/{org_id}", tags=["organizations"])
async def rename_organization(
    org_id: PathId, body: NameIn, identity: CurrentIdentity, request: Request
) -> OrganizationOut:
    """Give an organization another name."""

    def rename(conn: sa.Connection) -> Organization:
        if not service.at_least(manager_of(conn, identity, org_id).role, Role.ADMIN):
            raise Forbidden("Only admins and owners rename the organization")
        return service.rename_organization(conn, org_id, name=body.name)

    return OrganizationOut.of(await database_of(request).write(rename))


@router.delete("/organizations/{org_id}", tags=["organizations"], status_code=204)
async def delete_organization(org_id: PathId, admin: InstallationAdmin, request: Request) -> None:
    """Delete an organization with everything in it. For those who run the installation."""
    await database_of(request).write(lambda conn: service.delete_organization(conn, org_id))


@router.get("/users", tags=["users"])
async def list_users(admin: InstallationAdmin, span: RequestedSpan, request: Request) -> Listed[UserOut]:
    """All users of the installation, newest first."""
    page = await database_of(request).read(lambda conn: repository.list_users(conn, span=span))
    return Listed[UserOut].of(page, UserOut.of)


@router.post("/users", tags=["users"], status_code=201)
async def create_user(body: UserIn, admin: InstallationAdmin, request: Request) -> UserOut:
    """Make a user, who is in no organization yet."""
    return UserOut.of(
        await database_of(request).write(lambda conn: service.create_user(conn, email=body.email, name=body.name))
    )


@router.get("/users/{user_id}", tags=["users"])
async def get_user(user_id: PathId, admin: InstallationAdmin, request: Request) -> UserOut:
    """One user."""
    return UserOut.of(await database_of(request).read(lambda conn: service.get_user(conn, user_id)))


@router.patch("/users/{user_id}", tags=["users"])
async def change_user(user_id: PathId, body: UserChange, admin: InstallationAdmin, request: Request) -> UserOut:
    """Change a user's name or e-mail address."""
    changed = await database_of(request).write(
        lambda conn: service.update_user(conn, user_id, name=body.name, email=body.email)
    )
    return UserOut.of(changed)


@router.delete("/users/{user_id}", tags=["users"], status_code=204)
async def delete_user(user_id: PathId, admin: InstallationAdmin, request: Request) -> None:
    """Delete a user with their memberships, keys and sessions."""
    await database_of(request).write(lambda conn: service.delete_user(conn, user_id))


@router.post("/users/{user_id}/link", tags=["users"], status_code=201)
async def make_link(user_id: PathId, admin: InstallationAdmin, request: Request) -> LinkOut:
    """Make a one-time link with which the user sets a new password."""

    def make(conn: sa.Connection) -> str:
        service.get_user(conn, user_id)
        return sessions.make_link(conn, user_id, now=now_ms())

    return LinkOut.of(await database_of(request).write(make))


def _organizations(conn: sa.Connection, identity: Identity, span: Span) -> Page[Organization]:
    if runs_installation(conn, identity):
        return repository.list_organizations(conn, span=span)
    if identity.key is not None and identity.key.org_id is not None:
        return Page(items=[service.get_organization(conn, identity.key.org_id)], next_cursor=None)
    return repository.list_organizations(conn, of_user=identity.user_id, span=span)

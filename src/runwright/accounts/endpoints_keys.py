"""API keys: one's own, and the organization's."""

from __future__ import annotations

from typing import Annotated, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request

from runwright.accounts import keys
from runwright.accounts.dependencies import (
    Caller,
    PathId,
    RequestedSpan,
    database_of,
    require_manager_role,
    runs_installation,
)
from runwright.accounts.models import Role
from runwright.accounts.repository import ApiKey, Span
from runwright.accounts.schemas import ApiKeyIn, ApiKeyOut, NewApiKeyOut
from runwright.errors import Forbidden, NotFound
from runwright.kit.pages import Page
from runwright.kit.schemas import Listed

router = APIRouter(prefix="/api-keys", tags=["API keys"])
Member = Annotated[Caller, Depends(require_manager_role(Role.MEMBER))]

Of = Literal["me", "organization", "nobody"]
OfQuery = Annotated[
    Of,
    Query(
        alias="of",
        description="me: one's own. organization: everybody's, for admins and owners. "
        "nobody: those without organization, for those who run the installation.",
    ),
]


@router.get("")
async def list_keys(caller: Member, span: RequestedSpan, request: Request, of: OfQuery = "me") -> Listed[ApiKeyOut]:
    """Keys in the organization, newest first."""
    page = await database_of(request).read(lambda conn: _list(conn, caller, of, span))
    return Listed[ApiKeyOut].of(page, ApiKeyOut.of)


@router.post("", status_code=201)
async def create_key(body: ApiKeyIn, caller: Member, request: Request) -> NewApiKeyOut:
    """Make a key. Its secret is in this answer and nowhere else."""
    return NewApiKeyOut.of(await database_of(request).write(lambda conn: _create(conn, caller, body)))


@router.delete("/{key_id}", status_code=204)
async def delete_key(key_id: PathId, caller: Member, request: Request) -> None:
    """Delete one's own key, or as an admin or owner any of the organization's. It stops working at once."""
    await database_of(request).write(lambda conn: _delete(conn, caller, key_id))


def _list(conn: sa.Connection, caller: Caller, of: Of, span: Span) -> Page[ApiKey]:
    if of == "me":
        return keys.list_own_keys(conn, org_id=caller.org_id, user_id=caller.user_id, span=span)
    if of == "organization":
        return keys.list_all_keys(conn, by=caller.role, org_id=caller.org_id, span=span)
    _require_installation(conn, caller)
    return keys.list_keys_without_organization(conn, span=span)


def _create(conn: sa.Connection, caller: Caller, body: ApiKeyIn) -> keys.NewKey:
    user_id = body.user_id or caller.user_id
    if body.without_organization or user_id != caller.user_id:
        _require_installation(conn, caller)
    elif not keys.is_member(conn, caller.org_id, caller.user_id):
        raise Forbidden("You are not a member of this organization, a key of yours would be refused there")
    org_id = None if body.without_organization else caller.org_id
    return keys.create_key(conn, org_id=org_id, user_id=user_id, name=body.name)


def _delete(conn: sa.Connection, caller: Caller, key_id: str) -> None:
    try:
        keys.delete_key(conn, key_id, org_id=caller.org_id, by=caller.role, user_id=caller.user_id)
    except NotFound:
        if not runs_installation(conn, caller.identity):
            raise
        keys.delete_any_key(conn, key_id)


def _require_installation(conn: sa.Connection, caller: Caller) -> None:
    if not runs_installation(conn, caller.identity):
        raise Forbidden("Only an owner of the installation's first organization makes keys for others")

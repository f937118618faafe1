"""Who calls the frozen API: the ``x-api-key`` header, checked in the order of the product's contract."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request

from runwright import errors
from runwright.accounts.keys import find_key
from runwright.db.database import Database


@dataclass(frozen=True, slots=True)
class ApiCaller:
    """The holder of a good key that belongs to an organization; not yet known to be a member of it."""

    key_id: str
    org_id: str
    user_id: str


async def identify(request: Request) -> ApiCaller:
    """The caller behind the request's key.

    Raises:
        PublicError: no key, an unknown key, or a key without organization.
    """
    secret = request.headers.get("x-api-key")
    if not secret:
        raise errors.missing_api_key()
    database: Database = request.app.state.database
    holder = await database.read(partial(find_key, secret=secret))
    if holder is None:
        raise errors.invalid_api_key()
    if holder.org_id is None:
        raise errors.key_without_organization()
    request.app.state.door.key_used(holder.key_id)
    return ApiCaller(key_id=holder.key_id, org_id=holder.org_id, user_id=holder.user_id)

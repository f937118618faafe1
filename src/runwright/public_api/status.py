"""The status call: one execution as the API page shows it, with long poll and ETag."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from functools import partial

import sqlalchemy as sa
from pydantic_core import to_json

from runwright import errors
from runwright.accounts.keys import is_member
from runwright.db.database import Database
from runwright.executions import repository, service
from runwright.executions.signals import Signals
from runwright.executions.status import SETTLED
from runwright.executions.view import to_public
from runwright.kit.ids import is_uuid
from runwright.public_api.access import ApiCaller

MAX_WAIT_S = 60.0
LOOK_AGAIN_S = 1.0
"""How often a long poll looks at the row: a change made by another process may come without a signal."""

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def parse_wait(text: str | None) -> float:
    """Seconds of ``?wait=``; more than a minute counts as a minute.

    Raises:
        PublicError: it is no number of seconds.
    """
    if text is None:
        return 0.0
    try:
        seconds = float(text)
    except ValueError as error:
        raise errors.invalid_wait() from error
    if not 0 <= seconds < float("inf"):
        raise errors.invalid_wait()
    return min(seconds, MAX_WAIT_S)


def tags_of(header: str | None) -> frozenset[str]:
    """The revisions named in ``If-None-Match``; ``*`` matches whatever there is."""
    if header is None:
        return frozenset()
    if header.strip() == "*":
        return frozenset({"*"})
    return frozenset(_TAG.findall(header))


def require_visible(conn: sa.Connection, execution_id: str, caller: ApiCaller) -> int:
    """The revision of an execution this caller may see.

    Raises:
        PublicError: unknown, of another organization, or the key's user is no member.
    """
    mark = repository.find_mark(conn, execution_id.lower()) if is_uuid(execution_id) else None
    if mark is None:
        raise errors.execution_not_found()
    org_id, revision, _ = mark
    if org_id != caller.org_id:
        raise errors.other_organization()
    if not is_member(conn, org_id, caller.user_id):
        raise errors.not_a_member()
    return revision


def body(conn: sa.Connection, execution_id: str) -> tuple[int, bytes]:
    """Revision and JSON of an execution that was found to be visible."""
    row = repository.find(conn, execution_id.lower())
    if row is None:
        raise errors.execution_not_found()
    return row.revision, to_json(to_public(service.view(conn, row)))


async def wait_for_news(
    execution_id: str, *, revision: int, seconds: float, database: Database, signals: Signals
) -> None:
    """Return when the execution is settled or past the revision, at the latest after the given time."""
    execution_id = execution_id.lower()
    with signals.changes(execution_id) as changed, suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not signals.closed and not await database.read(
                partial(_is_news, execution_id=execution_id, revision=revision)
            ):
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN_S):
                        await changed.wait()
                changed.clear()


def _is_news(conn: sa.Connection, *, execution_id: str, revision: int) -> bool:
    mark = repository.find_mark(conn, execution_id)
    return mark is None or mark[1] != revision or mark[2] in SETTLED

"""Callbacks: what an outside system sends to the address of a ``wait`` block.

The address carries a signature of its execution and block, so that nobody can guess one and none is stored.
"""

from __future__ import annotations

import sqlalchemy as sa

from runwright.db.database import insert_ignore
from runwright.errors import Conflict, NotFound
from runwright.executions import calls, repository
from runwright.executions.models import callbacks
from runwright.executions.status import LIVE
from runwright.kit.clock import Millis
from runwright.kit.crypto import SecretBox

PATH = "/api/v1/callbacks"


def address(base: str, box: SecretBox, *, execution_id: str, key: str) -> str:
    """Where the callback of a block is sent to; ``base`` is the address of the server."""
    return f"{base.rstrip('/')}{PATH}/{execution_id}/{key}/{sign(box, execution_id=execution_id, key=key)}"


def sign(box: SecretBox, *, execution_id: str, key: str) -> str:
    """What proves that an address was made by this installation."""
    return box.sign(f"callback:{execution_id}/{key}")


def received(conn: sa.Connection, execution_id: str, key: str) -> str | None:
    """The body that was sent to a block's address, or None when nothing came in yet."""
    statement = sa.select(callbacks.c.body).where(
        callbacks.c.execution_id == execution_id, callbacks.c.block_key == key
    )
    return conn.execute(statement).scalar()


def receive(conn: sa.Connection, execution_id: str, key: str, *, body: str, now: Millis) -> None:
    """Keep what was sent, and have the execution go on; it may come in before the block waits for it.

    Raises:
        NotFound: there is no such execution.
        Conflict: the execution has ended, or something was received before: the first one counts.
    """
    row = repository.find(conn, execution_id)
    if row is None:
        raise NotFound("There is no such callback address.")
    if row.status not in LIVE:
        raise Conflict("The execution has ended: it no longer waits for a callback.")
    sent = {"execution_id": execution_id, "block_key": key, "body": body, "received_at": now}
    if not insert_ignore(conn, callbacks, sent):
        raise Conflict("This callback was received already; the first one counts.")
    calls.wake(conn, execution_id, now=now)

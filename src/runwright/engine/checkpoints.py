"""Answers from outside kept in our own rows, so that a crash between two requests repeats neither."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from runwright.accounts.models import usage_entries
from runwright.blocks.base import Checkpoint
from runwright.db.database import Database
from runwright.executions.models import checkpoints
from runwright.kit.ids import new_uuid

_FIELDS = list(Checkpoint.__slots__)


@dataclass(frozen=True, slots=True)
class BlockCheckpoints:
    """The :class:`~runwright.blocks.base.CheckpointStore` of one attempt at one block."""

    database: Database
    org_id: str
    execution_id: str
    key: str
    round: int
    attempt: int
    prefix: str = ""
    """Tells the items of a ``map`` block apart."""

    async def get(self, name: str) -> Checkpoint | None:
        """See :class:`~runwright.blocks.base.CheckpointStore`."""
        return await self.database.read(partial(self._get, name=name))

    async def put(self, name: str, checkpoint: Checkpoint) -> None:
        """See :class:`~runwright.blocks.base.CheckpointStore`."""
        await self.database.write(partial(self._put, name=name, checkpoint=checkpoint))

    def _get(self, conn: sa.Connection, *, name: str) -> Checkpoint | None:
        statement = sa.select(*(checkpoints.c[field] for field in _FIELDS)).where(
            checkpoints.c.execution_id == self.execution_id,
            checkpoints.c.block_key == self.key,
            checkpoints.c.round == self.round,
            checkpoints.c.attempt == self.attempt,
            checkpoints.c.name == self.prefix + name,
        )
        row = conn.execute(statement).first()
        return None if row is None else Checkpoint(**row._mapping)

    def _put(self, conn: sa.Connection, *, name: str, checkpoint: Checkpoint) -> None:
        row = {field: getattr(checkpoint, field) for field in _FIELDS}
        identity = {
            "execution_id": self.execution_id,
            "block_key": self.key,
            "round": self.round,
            "attempt": self.attempt,
            "name": self.prefix + name,
        }
        # An answer whose request has changed since is replaced; that it was paid for stays booked.
        conn.execute(
            checkpoints.delete().where(*(checkpoints.c[column] == value for column, value in identity.items()))
        )
        conn.execute(checkpoints.insert(), {**identity, **row})
        if checkpoint.cost_micros:
            self._book(conn, checkpoint)

    def _book(self, conn: sa.Connection, checkpoint: Checkpoint) -> None:
        conn.execute(
            usage_entries.insert(),
            {
                "id": new_uuid(),
                "org_id": self.org_id,
                "execution_id": self.execution_id,
                "block_key": self.key,
                "model": checkpoint.model,
                "cost_micros": checkpoint.cost_micros,
                "created_at": checkpoint.finished_at,
            },
        )

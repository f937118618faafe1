"""The workflows that a block calls, as the block sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from runwright.blocks.base import BlockError, Call
from runwright.db.database import Database
from runwright.executions import calls, repository, service, transitions
from runwright.executions.calls import CallPlace
from runwright.executions.signals import Signal, Signals
from runwright.executions.state import ExecutionRow
from runwright.kit.clock import now_ms
from runwright.triggers.call import CallRefused, Wanted, start_call


@dataclass(frozen=True, slots=True)
class BlockCalls:
    """The :class:`~runwright.blocks.base.Calls` of one attempt at one block, or at one item of a ``map`` block."""

    database: Database
    signals: Signals
    row: ExecutionRow
    fence: str
    key: str
    round: int
    attempt: int
    item: int | None = None

    async def find(self, number: int = 0) -> Call | None:
        """See :class:`~runwright.blocks.base.Calls`."""
        return await self.database.read(partial(calls.find, place=self._place(number)))

    async def start(
        self, number: int = 0, *, workflow_id: str | None, name: str | None, inputs: Mapping[str, str]
    ) -> Call:
        """See :class:`~runwright.blocks.base.Calls`."""
        wanted = Wanted(workflow_id=workflow_id, name=name, inputs=inputs)

        def unit(conn: sa.Connection) -> str:
            transitions.require_held(conn, self.row.id, fence=self.fence)
            return start_call(conn, self.row, place=self._place(number), wanted=wanted)

        try:
            child_id = await self.database.write(unit)
        except CallRefused as error:
            raise BlockError(str(error), retryable=False) from error
        self.signals.send(Signal.DUE, [child_id])
        return Call(execution_id=child_id, settled=False)

    async def cancel(self, number: int = 0, *, reason: str) -> None:
        """See :class:`~runwright.blocks.base.Calls`."""

        def unit(conn: sa.Connection) -> tuple[str, ...]:
            child_id = calls.child_of(conn, self._place(number))
            child = None if child_id is None else repository.find(conn, child_id)
            return () if child is None else service.cancel(conn, child, reason=reason, now=now_ms())

        self.signals.send(Signal.CANCELLED, await self.database.write(unit))

    def _place(self, number: int) -> CallPlace:
        return CallPlace(
            execution_id=self.row.id,
            block_key=self.key,
            round=self.round,
            attempt=self.attempt,
            name=str(number) if self.item is None else f"{self.item}:{number}",
        )

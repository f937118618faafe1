"""What one execution may spend, and what people said when it was spent."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from runwright.blocks.base import BlockError, CeilingReached
from runwright.db.database import Database
from runwright.executions.details import costs
from runwright.kit.money import PER_DOLLAR
from runwright.reviews import repository as reviews
from runwright.workflows.definition import Limits


@dataclass(frozen=True, slots=True)
class ExecutionBudget:
    """The :class:`~runwright.blocks.base.Budget` of an execution. Nothing is counted beside the rows.

    Blocks that run at the same time may each pass the ceiling by one request.
    """

    database: Database
    execution_id: str
    limits: Limits

    async def check(self) -> None:
        """See :class:`~runwright.blocks.base.Budget`."""
        if self.limits.cost is not None:
            await self.database.read(self._check)

    def _check(self, conn: sa.Connection) -> None:
        asked = reviews.cost_reviews(conn, self.execution_id)
        approvals = sum(review.decision in reviews.GOES_ON for review in asked)
        ceiling = self.limits.cost or 0
        if ceiling == 0 and approvals:
            # As much again would be nothing: who asks before the first cent is answered for all of them.
            return
        allowed = (1 + approvals) * ceiling
        if costs(conn, [self.execution_id]).get(self.execution_id, 0) >= allowed * PER_DOLLAR:
            raise CeilingReached(first=all(review.decision is not None for review in asked))

    def require_known(self, cost_micros: int | None, *, model: str) -> None:
        """See :class:`~runwright.blocks.base.Budget`."""
        if cost_micros is None and self.limits.cost is not None:
            message = (
                f"The price of {model} is not known, so the workflow's limits.cost cannot be kept: remove it, or use "
                "limits.tokens in the agent block."
            )
            raise BlockError(message, retryable=False)

    async def model(self) -> str | None:
        """See :class:`~runwright.blocks.base.Budget`."""
        if self.limits.cost is None or self.limits.cheaper_model is None:
            return None
        asked = await self.database.read(lambda conn: reviews.cost_reviews(conn, self.execution_id))
        chosen = any(review.decision == reviews.CHEAPER_MODEL for review in asked)
        return self.limits.cheaper_model if chosen else None

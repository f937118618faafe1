"""Runs one block: hands it what it may see, bounds its time, and turns every way it can end into a result."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import structlog

from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    BlockError,
    BlockResult,
    Completed,
    Feedback,
    NeedsReview,
    Scope,
    Services,
)
from runwright.blocks.registry import block_types
from runwright.db.database import Database
from runwright.engine.checkpoints import BlockCheckpoints
from runwright.engine.ledger import Outputs
from runwright.executions.signals import Signals
from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.view import variables_of
from runwright.kit.json import loads
from runwright.kit.text import storable
from runwright.workflows.definition import BlockDefinition, WorkflowDefinition

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs the blocks of one execution."""

    row: ExecutionRow
    definition: WorkflowDefinition
    variables: Mapping[str, str]
    trigger: Mapping[str, object]
    database: Database
    services: Services
    signals: Signals

    @classmethod
    def of(
        cls,
        row: ExecutionRow,
        definition: WorkflowDefinition,
        *,
        database: Database,
        services: Services,
        signals: Signals,
    ) -> Runner:
        """A runner with the names that are the same for all blocks looked up once."""
        payload = loads(row.trigger_payload)
        trigger = {**loads(row.trigger_metadata), "type": row.trigger_type, "payload": payload}
        return cls(
            row=row,
            definition=definition,
            variables=variables_of(definition, payload),
            trigger=trigger,
            database=database,
            services=services,
            signals=signals,
        )

    def scope(self, states: Mapping[str, BlockState]) -> Scope:
        """All that templates and conditions can name now."""
        return Scope(variables=self.variables, outputs=Outputs(states), trigger=self.trigger)

    def is_inline(self, block: BlockDefinition) -> bool:
        """Whether the block is pure and instant, to be run on the spot."""
        return block_types()[block.type].inline

    def run_inline(self, block: BlockDefinition, states: Mapping[str, BlockState]) -> BlockResult | BlockError:
        """Run a pure block now."""
        kind, context = self._prepare(block, states, feedback=None)
        try:
            return self.reviewed(block, cast(BlockResult, kind.run(block.config, context)), states)
        except BlockError as error:
            return error
        except Exception as error:
            return self._unexpected(block, error)

    async def run(
        self, block: BlockDefinition, states: Mapping[str, BlockState], feedback: Feedback | None
    ) -> BlockResult | BlockError:
        """Run a block to its end, its time-out or its interruption."""
        kind, context = self._prepare(block, states, feedback=feedback)
        limit = asyncio.timeout(block.timeout)
        try:
            async with limit:
                result = await kind.run(block.config, context)  # type: ignore[misc]
            return self.reviewed(block, result, states)
        except TimeoutError:
            if limit.expired():
                return BlockError(f"It took longer than its timeout of {block.timeout:g} seconds.")
            return BlockError("It timed out.")
        except BlockError as error:
            return error
        except Exception as error:
            return self._unexpected(block, error)

    def _prepare(
        self, block: BlockDefinition, states: Mapping[str, BlockState], *, feedback: Feedback | None
    ) -> tuple[Block[BlockConfig], BlockContext]:
        state, scope = states[block.key], self.scope(states)
        context = BlockContext(
            org_id=self.row.org_id,
            project_id=self.row.project_id,
            execution_id=self.row.id,
            key=block.key,
            name=block.name,
            attempt=state.attempt,
            round=state.round,
            scope=scope,
            upstream={need.key: scope.outputs[need.key] for need in block.needs if need.key in scope.outputs},
            feedback=feedback,
            checkpoints=BlockCheckpoints(
                database=self.database,
                org_id=self.row.org_id,
                execution_id=self.row.id,
                key=block.key,
                round=state.round,
                attempt=state.attempt,
            ),
            services=self.services,
            emit=partial(self.signals.emit, self.row.id, block.key),
            timeout=block.timeout,
        )
        return block_types()[block.type], context

    def reviewed(
        self, block: BlockDefinition, result: BlockResult, states: Mapping[str, BlockState]
    ) -> BlockResult | BlockError:
        """The result, turned into a question to a person where the block asks for a review."""
        if not isinstance(result, Completed):
            return result
        output = storable(result.output)
        if block.review is None:
            return Completed(output=output, branch=result.branch)
        try:
            message = self.services.render(block.review.message, self.scope(states))
        except BlockError as error:
            return BlockError(f"The message of its review cannot be written: {error}", retryable=False)
        return NeedsReview(policy=replace(block.review, message=message), proposed=output)

    def _unexpected(self, block: BlockDefinition, error: Exception) -> BlockError:
        log.error("block.crashed", block=block.key, type=block.type, exc_info=error)
        return BlockError(
            f"The {block.type} block broke on something unforeseen ({type(error).__name__}: {error}). "
            "This is a fault of Runwright; the server's log has the details.",
            retryable=False,
        )

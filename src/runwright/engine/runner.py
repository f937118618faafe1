"""Runs one block: hands it what it may see, bounds its time, and turns every way it can end into a result."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from inspect import isawaitable
from typing import cast

import structlog

from runwright.artifacts.keeper import Keeper
from runwright.blocks.base import (
    BlockContext,
    BlockError,
    BlockResult,
    CeilingReached,
    Completed,
    Feedback,
    NeedsReview,
    Parked,
    ReviewKind,
    ReviewPolicy,
    Scope,
    Services,
)
from runwright.blocks.registry import block_types
from runwright.db.database import Database
from runwright.engine.budget import ExecutionBudget
from runwright.engine.callbacks import BlockCallback, CallbackAddresses
from runwright.engine.calls import BlockCalls
from runwright.engine.checkpoints import BlockCheckpoints
from runwright.engine.files import OutputFiles
from runwright.engine.items import MapItems, NoItems
from runwright.engine.ledger import Outputs
from runwright.executions.items import ItemPlace, ItemState
from runwright.executions.signals import Signals
from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.transitions import Fenced
from runwright.executions.view import variables_of
from runwright.kit.clock import now_ms
from runwright.kit.json import Json, loads
from runwright.kit.text import storable
from runwright.workflows.definition import BlockDefinition, WorkflowDefinition

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs the blocks of one execution."""

    row: ExecutionRow
    fence: str
    definition: WorkflowDefinition
    variables: Mapping[str, str]
    trigger: Mapping[str, object]
    database: Database
    services: Services
    signals: Signals
    files: OutputFiles

    @classmethod
    def of(
        cls,
        row: ExecutionRow,
        definition: WorkflowDefinition,
        *,
        fence: str,
        database: Database,
        services: Services,
        signals: Signals,
    ) -> Runner:
        """A runner with the names that are the same for all blocks looked up once."""
        payload = loads(row.trigger_payload)
        trigger = {**loads(row.trigger_metadata), "type": row.trigger_type, "payload": payload}
        return cls(
            row=row,
            fence=fence,
            definition=definition,
            variables=variables_of(definition, payload),
            trigger=trigger,
            database=database,
            services=services,
            signals=signals,
            files=OutputFiles(Keeper(database, services.blobs), row),
        )

    def scope(self, states: Mapping[str, BlockState]) -> Scope:
        """All that templates and conditions can name now."""
        return Scope(
            variables=self.variables,
            outputs=Outputs(states),
            trigger=self.trigger,
            callbacks=CallbackAddresses(self.services, self.row.id),
        )

    def is_inline(self, block: BlockDefinition) -> bool:
        """Whether the block is pure and instant, to be run on the spot."""
        # Saving a file takes waiting.
        return not block.artifact and block_types()[block.type].is_inline(block.config)

    def run_inline(self, block: BlockDefinition, states: Mapping[str, BlockState]) -> BlockResult | BlockError:
        """Run a pure block now."""
        context = self._context(block, states, feedback=None)
        try:
            return self.reviewed(block, cast(BlockResult, block_types()[block.type].run(block.config, context)), states)
        except BlockError as error:
            return error
        except Exception as error:
            return self._unexpected(block, error)

    async def run(
        self, block: BlockDefinition, states: Mapping[str, BlockState], feedback: Feedback | None
    ) -> BlockResult | BlockError:
        """Run a block to its end, its time-out or its interruption."""
        context = self._context(block, states, feedback=feedback)
        try:
            result = await self._run(block, context)
        except CeilingReached as reached:
            return NeedsReview(policy=ReviewPolicy(), kind=ReviewKind.COST) if reached.first else Parked()
        if not isinstance(result, BlockError):
            result = self.reviewed(block, result, states)
        return result if isinstance(result, BlockError) else await self._filed(block, result, states)

    async def _filed(
        self, block: BlockDefinition, result: BlockResult, states: Mapping[str, BlockState]
    ) -> BlockResult | BlockError:
        """The same result, once its output is kept where the block saves it as a file."""
        render = partial(self.services.render, scope=self.scope(states))
        try:
            await self.files.keep(block, result, round=states[block.key].round, render=render)
        except BlockError as error:
            return error
        return result

    async def _run(self, block: BlockDefinition, context: BlockContext) -> BlockResult | BlockError:
        kind = block_types()[block.type]
        # What parks minds its own time: a limit on one of its short turns would say nothing.
        limit = asyncio.timeout(None if kind.parks else block.timeout)
        try:
            async with limit:
                # Log lines name the block, and recordings know whose request it was.
                with structlog.contextvars.bound_contextvars(block=block.key):
                    result = kind.run(block.config, context)
                    return await result if isawaitable(result) else result
        except TimeoutError:
            if limit.expired():
                return BlockError(f"It took longer than its timeout of {block.timeout:g} seconds.")
            return BlockError("It timed out.")
        except BlockError as error:
            return error
        except (CeilingReached, Fenced):
            raise
        except Exception as error:
            return self._unexpected(block, error)

    async def _run_item(
        self, item: int, value: Json, state: ItemState, *, inner: BlockDefinition, outer: BlockContext
    ) -> BlockResult | BlockError:
        """Run the inner block of a ``map`` block for one item."""
        context = replace(
            outer,
            attempt=state.attempt,
            item=item,
            scope=replace(outer.scope, local={"item": value, "index": item}),
            checkpoints=self._checkpoints(outer.key, round=outer.round, attempt=state.attempt, item=item),
            calls=self._calls(outer.key, round=outer.round, attempt=state.attempt, item=item),
            items=NoItems(),
            emit=lambda kind, data: outer.emit(kind, {**data, "item": item} if isinstance(data, dict) else data),
            started_at=state.started_at or now_ms(),
            timeout=inner.timeout,
        )
        return await self._run(inner, context)

    def _context(
        self, block: BlockDefinition, states: Mapping[str, BlockState], *, feedback: Feedback | None
    ) -> BlockContext:
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
            checkpoints=self._checkpoints(block.key, round=state.round, attempt=state.attempt),
            services=self.services,
            emit=partial(self.signals.emit, self.row.id, block.key),
            calls=self._calls(block.key, round=state.round, attempt=state.attempt),
            items=NoItems(),
            budget=ExecutionBudget(self.database, self.row.id, self.definition.limits),
            callback=BlockCallback(self.database, self.row.id, block.key),
            started_at=state.started_at or now_ms(),
            timeout=block.timeout,
        )
        return context if block.inner is None else replace(context, items=self._items(block.inner, context))

    def _items(self, inner: BlockDefinition, outer: BlockContext) -> MapItems:
        return MapItems(
            database=self.database,
            place=ItemPlace(execution_id=self.row.id, block_key=outer.key, round=outer.round),
            fence=self.fence,
            run_item=partial(self._run_item, inner=inner, outer=outer),
            retry=inner.retry,
            emit=outer.emit,
        )

    def _checkpoints(self, key: str, *, round: int, attempt: int, item: int | None = None) -> BlockCheckpoints:
        return BlockCheckpoints(
            database=self.database,
            org_id=self.row.org_id,
            execution_id=self.row.id,
            key=key,
            round=round,
            attempt=attempt,
            prefix="" if item is None else f"{item}/",
        )

    def _calls(self, key: str, *, round: int, attempt: int, item: int | None = None) -> BlockCalls:
        return BlockCalls(
            database=self.database,
            signals=self.signals,
            row=self.row,
            fence=self.fence,
            key=key,
            round=round,
            attempt=attempt,
            item=item,
        )

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

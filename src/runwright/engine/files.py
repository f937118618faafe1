"""Outputs that become files: their content is in the store before the row of the block says that it is completed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from runwright.artifacts.keeper import Keeper
from runwright.artifacts.repository import Blob
from runwright.artifacts.service import OutputFile, RunPlace, name_of_output, propose_output, save_output
from runwright.blocks.base import BlockError, BlockResult, Completed, NeedsReview, ReviewKind
from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.status import Status
from runwright.integrations.storage.base import StoreError
from runwright.kit.clock import Millis
from runwright.reviews.service import Decision
from runwright.workflows.definition import BlockDefinition

_PAUSES_S = (0.5, 2.0)
"""Between the tries to keep an output, which may have been paid for."""


@dataclass(frozen=True, slots=True)
class OutputFiles:
    """The files of one execution, from when a block has its output to the commit that says so."""

    keeper: Keeper
    row: ExecutionRow
    _kept: dict[tuple[str, int], OutputFile] = field(default_factory=dict)

    async def keep(
        self, block: BlockDefinition, result: BlockResult, *, round: int, render: Callable[[str], str]
    ) -> None:
        """Put the output of a block into the store, if it is to become a file.

        Raises:
            BlockError: the file's name cannot be written, or the store cannot take it.
        """
        text = _text_of(result)
        if not block.artifact or text is None:
            return
        try:
            wanted = render(block.artifact) if isinstance(block.artifact, str) else None
        except BlockError as error:
            raise BlockError(f"The name of its file cannot be written: {error}", retryable=False) from error
        name = name_of_output(block.key, text, wanted=wanted)
        self._kept[block.key, round] = OutputFile(name=name, blob=await self._blob(text))

    async def _blob(self, text: str) -> Blob:
        for pause in _PAUSES_S:
            try:
                return await self.keeper.keep_text(self.row.org_id, text)
            except StoreError:
                await asyncio.sleep(pause)
        try:
            return await self.keeper.keep_text(self.row.org_id, text)
        except StoreError as error:
            raise BlockError(f"Its output could not be saved as a file: {error}.") from error

    def write(self, conn: sa.Connection, changes: Sequence[tuple[Status, BlockState]], *, now: Millis) -> None:
        """Add the files of the blocks that complete in this unit, and keep those that wait for a review from now on."""
        for _, state in changes:
            file = self._kept.get((state.key, state.round))
            # An error that the workflow goes on with is in the output's place, but is no output.
            if file is None or state.error is not None:
                continue
            if state.status is Status.COMPLETED:
                save_output(conn, self._place(state), file, now=now)
            elif state.status is Status.REVIEW_PENDING:
                propose_output(conn, self._place(state), file, now=now)

    def _place(self, state: BlockState) -> RunPlace:
        row = self.row
        return RunPlace(
            org_id=row.org_id,
            project_id=row.project_id,
            execution_id=row.id,
            block_key=state.key,
            round=state.round,
        )


def _text_of(result: BlockResult) -> str | None:
    """What would be saved; of a review without an output of its own, what it is approved with by default."""
    match result:
        case Completed(output=output):
            return output
        case NeedsReview(kind=ReviewKind.OUTPUT, proposed=proposed):
            return Decision.APPROVE.value if proposed is None else proposed
        case _:
            return None

"""One block of a workflow by itself: the others are settled before it runs, with outputs that were made earlier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from runwright.errors import Invalid, NotFound
from runwright.executions import repository, transitions
from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.status import Status
from runwright.kit.clock import Millis, now_ms
from runwright.kit.json import loads
from runwright.workflows.definition import WorkflowDefinition

METADATA = "onlyBlock"
"""The field of the trigger's metadata that names the block."""

_GIVEN = "It did not run: this run was given its output."
_NEEDED = "It did not run: this run was started without its output."
_LEFT_OUT = 'It did not run: only block "{key}" did.'


@dataclass(frozen=True, slots=True)
class OneBlock:
    """The block that is to run, and what the blocks before it are taken to have made, by key."""

    key: str
    outputs: Mapping[str, str]


def settle_others(conn: sa.Connection, execution_id: str, definition: WorkflowDefinition, only: OneBlock) -> None:
    """Settle every other block of a new execution, in the unit of work that makes it.

    Raises:
        NotFound: the workflow has no such block.
        Invalid: there are outputs of blocks that do not come before it.
    """
    if only.key not in definition.blocks:
        raise NotFound(f'The workflow has no block "{only.key}"')
    strange = sorted(set(only.outputs) - _upstream(definition, only.key))
    if strange:
        raise Invalid(f'These blocks do not come before "{only.key}": {", ".join(strange)}.')
    now = now_ms()
    others = [_settled(definition, only, key, now=now) for key in definition.order if key != only.key]
    transitions.settle_beforehand(conn, execution_id, others, now=now)


def of_execution(conn: sa.Connection, row: ExecutionRow) -> OneBlock | None:
    """What an earlier execution was started with, when only one block of it ran."""
    key = loads(row.trigger_metadata).get(METADATA)
    if not isinstance(key, str):
        return None
    states = repository.blocks_of(conn, row.id).values()
    given = {state.key: state.output for state in states if state.key != key and state.output is not None}
    return OneBlock(key=key, outputs=given)


def _upstream(definition: WorkflowDefinition, key: str) -> set[str]:
    found: set[str] = set()
    rim = [key]
    while rim:
        needed = {need.key for reached in rim for need in definition.blocks[reached].needs} - found
        found |= needed
        rim = list(needed)
    return found


def _settled(definition: WorkflowDefinition, only: OneBlock, key: str, *, now: Millis) -> BlockState:
    """A block that does not run. It was never started, which tells its row from one of a block that did."""
    needed = [need for need in definition.blocks[only.key].needs if need.key == key]
    output = only.outputs.get(key)
    if output is None and not needed:
        reason = _LEFT_OUT.format(key=only.key)
        return BlockState(key, status=Status.SKIPPED, finished_at=now, reason=reason)
    branches = [need.branch for need in needed if need.branch is not None]
    branch = output if output in branches else next(iter(branches), None)
    return BlockState(
        key,
        status=Status.COMPLETED,
        finished_at=now,
        output=output,
        # The branch that leads here counts as taken: the block was asked for.
        branch=branch,
        reason=_NEEDED if output is None else _GIVEN,
    )

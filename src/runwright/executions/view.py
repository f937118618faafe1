"""The status object of the API page, made from the rows and the workflow version that ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runwright.executions.state import BlockState, ExecutionRow
from runwright.executions.status import SETTLED_WELL, Status
from runwright.kit.clock import iso
from runwright.kit.json import Json, loads
from runwright.workflows.definition import BlockDefinition, WorkflowDefinition


@dataclass(frozen=True, slots=True)
class ExecutionView:
    """An execution with everything needed to show it."""

    row: ExecutionRow
    blocks: Mapping[str, BlockState]
    definition: WorkflowDefinition


def variables_of(definition: WorkflowDefinition, payload: Mapping[str, str]) -> dict[str, str]:
    """The context variables of a run: what was sent, else the default, else the empty text."""
    return {name: payload.get(name, spec.default or "") for name, spec in definition.inputs.items()}


def inputs_of(
    block: BlockDefinition, *, variables: Mapping[str, str], blocks: Mapping[str, BlockState]
) -> dict[str, str]:
    """What a block was given: the context variables it names, and the outputs of the blocks it needs, by name."""
    given = {name: variables[name] for name in block.names if name in variables}
    for key in (*(need.key for need in block.needs), *block.referenced):
        output = blocks[key].output if key in blocks else None
        if output is not None:
            given[key if key not in variables else f"blocks.{key}"] = output
    return given


def to_public(view: ExecutionView) -> dict[str, Json]:
    """The body of ``GET /api/executions/{id}``, field by field as on the API page."""
    row = view.row
    payload = loads(row.trigger_payload)
    blocks = _public_blocks(view, payload)
    return {
        "id": row.id,
        "status": row.status.value,
        "workflowName": row.workflow_name,
        "blockCount": row.block_count,
        "completedBlocks": sum(1 for state in view.blocks.values() if state.status in SETTLED_WELL),
        "createdAt": iso(row.created_at),
        "updatedAt": iso(row.updated_at),
        "startedAt": iso(row.started_at),
        "finishedAt": iso(row.finished_at),
        "cancelRequestedAt": iso(row.cancel_requested_at),
        "cancelReason": row.cancel_reason,
        "error": row.error,
        "triggerType": row.trigger_type,
        "triggerPayload": payload,
        "triggerMetadata": loads(row.trigger_metadata),
        "state": {
            "workflowId": row.workflow_id,
            "executionId": row.id,
            "status": row.status.value,
            "blocks": blocks,
            "createdAt": iso(row.created_at),
            "updatedAt": iso(row.updated_at),
        },
    }


def _public_blocks(view: ExecutionView, payload: Mapping[str, str]) -> dict[str, Json]:
    variables = variables_of(view.definition, payload)
    return {
        key: _public_block(view.definition.blocks[key], view.blocks.get(key) or BlockState(key), variables, view.blocks)
        for key in view.definition.order
    }


def _public_block(
    block: BlockDefinition, state: BlockState, variables: Mapping[str, str], blocks: Mapping[str, BlockState]
) -> dict[str, Json]:
    started = state.started_at is not None and state.status is not Status.PENDING
    return {
        "status": state.status.value,
        "startTime": iso(state.started_at),
        "endTime": iso(state.finished_at),
        "inputs": inputs_of(block, variables=variables, blocks=blocks) if started else {},
        "output": state.output,
        "error": state.error,
        "reason": state.reason,
    }

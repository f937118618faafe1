"""Other workflows of the project as tools of an agent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from runwright.agents.offers import Offer, ToolCall, ToolFailed, object_schema
from runwright.agents.options import WorkflowTool
from runwright.blocks.base import BlockContext, BlockError

_LONGEST_NAME = 64
_UNSAFE = re.compile(r"[^a-z0-9]+")


class CallPending(Exception):
    """A called workflow has not ended. The block lets go, and asks again when it has."""


def workflow_offers(workflows: Sequence[WorkflowTool], context: BlockContext) -> list[Offer]:
    """A tool for each of the workflows."""
    return [_offer(workflow, context, place=place) for place, workflow in enumerate(workflows, start=1)]


def _offer(workflow: WorkflowTool, context: BlockContext, *, place: int) -> Offer:
    named = workflow.name or workflow.id or ""
    word = _UNSAFE.sub("_", named.lower()).strip("_")
    return Offer(
        name=f"workflow_{place}_{word}"[:_LONGEST_NAME].rstrip("_"),
        description=workflow.description or f"Runs the workflow {named!r} and gives what it came to.",
        schema=object_schema(
            {
                name: {"type": "string", "description": description or name}
                for name, description in workflow.inputs.items()
            },
            required=[],
        ),
        answer=partial(_call, workflow, context),
        about={"workflow": named},
    )


async def _call(workflow: WorkflowTool, context: BlockContext, call: ToolCall) -> str:
    """Start the workflow, or find it started before a crash or a pause; its result once it is there.

    Raises:
        ToolFailed: it cannot be started, or failed.
        CallPending: it has not ended.
    """
    inputs = {name: call.text(name) for name in workflow.inputs if call.arguments.get(name) is not None}
    found = await context.calls.find(call.number)
    if found is None:
        try:
            found = await context.calls.start(call.number, workflow_id=workflow.id, name=workflow.name, inputs=inputs)
        except BlockError as error:
            raise ToolFailed(str(error)) from error
    if not found.settled:
        raise CallPending
    if found.error is not None:
        raise ToolFailed(found.error)
    return found.output or ""

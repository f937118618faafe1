"""``workflow``: runs another workflow of the project, and takes over what it came to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    BlockError,
    BlockResult,
    Call,
    Completed,
    Marker,
    Parked,
    wrong,
)
from runwright.kit.clock import Millis, now_ms


class WorkflowConfig(BlockConfig):
    """Fields of a ``workflow`` block: the called workflow by ``id``, or else by ``name``."""

    id: str | None = None
    """The id of a workflow of this project."""
    name: str | None = Field(default=None, max_length=200)
    """Without an id: the name of the workflow, which must be the only one of that name in the project."""
    inputs: Annotated[dict[str, str], Marker.TEMPLATE] = Field(default_factory=dict)
    """Its context variables; those that are not named take their defaults."""

    @model_validator(mode="after")
    def _one_workflow(self) -> WorkflowConfig:
        if not self.id and not self.name:
            raise wrong("name the workflow that is called: its id, or its name")
        return self


class WorkflowBlock(Block[WorkflowConfig]):
    """Calls a workflow; the output is that of its last output block, or else its last output.

    The called workflow runs as an execution of its own, with its own reviews; what it costs counts here too. While it
    runs nothing is held; after a crash it is found again, never started twice.
    """

    type = "workflow"
    title = "Workflow"
    description = "Runs another workflow of the project and waits for its result."
    icon = "sitemap"
    config_model = WorkflowConfig
    parks = True

    async def run(self, config: WorkflowConfig, context: BlockContext) -> BlockResult:
        """Start the call, or see how it stands.

        Raises:
            BlockError: it cannot be called, failed, was cancelled, or took longer than the block's timeout.
        """
        call = await context.calls.find()
        if call is None:
            name = None if config.id else config.name
            call = await context.calls.start(workflow_id=config.id, name=name, inputs=context.render(config.inputs))
        if not call.settled:
            return await _waiting(call, context)
        if call.error is not None:
            raise BlockError(call.error)
        return Completed(output=call.output or "")


async def _waiting(call: Call, context: BlockContext) -> Parked:
    until = _deadline(context)
    if until is None or now_ms() < until:
        return Parked(until=until)
    message = f"The called workflow (execution {call.execution_id}) took longer than {context.timeout:g} seconds."
    await context.calls.cancel(reason=message)
    raise BlockError(message)


def _deadline(context: BlockContext) -> Millis | None:
    return None if context.timeout is None else context.started_at + int(context.timeout * 1000)

"""``agent``: asks a language model."""

from __future__ import annotations

import asyncio
import re
from importlib import import_module
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from runwright.agents.prompt import build_prompt
from runwright.agents.schema import problem_of
from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    BlockError,
    Completed,
    Marker,
    TemplateText,
    wrong,
)
from runwright.integrations.llm.vendors import DEMO, VENDORS, ModelNotAvailable
from runwright.kit.text import storable

_VENDOR_NAMES = (*VENDORS, DEMO)
_MODEL = re.compile(rf"({'|'.join(_VENDOR_NAMES)}):\S+")


def _check_output(value: Any) -> Any:
    if value == "text":
        return value
    if not isinstance(value, dict):
        raise wrong("output must be text, or the JSON schema of an object")
    if (problem := problem_of(value)) is not None:
        raise wrong(f"output: {problem}")
    return value


class AgentLimits(BaseModel):
    """What one run of an agent may use."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    """Longest answer of the model, in tokens; the installation's setting when absent."""
    requests: int = Field(default=10, ge=1, le=100)
    """How often the model may be asked, repeated questions for a valid answer included."""


class AgentConfig(BlockConfig):
    """Fields of an ``agent`` block. ``output`` is ``text`` or the JSON schema of an object."""

    prompt: TemplateText
    """What the model is to do. The outputs of the blocks it needs are given along with it."""
    system: Annotated[str | None, Marker.TEMPLATE] = None
    """The system prompt: the role of the model."""
    model: str | None = None
    """`vendor:name`; the default of the project or the installation when absent."""
    output: Annotated[Literal["text"] | dict[str, Any], BeforeValidator(_check_output)] = "text"
    """`text`, or the JSON schema of an object that the answer must fit."""
    limits: AgentLimits = AgentLimits()
    """What one run may use."""

    @field_validator("prompt")
    @classmethod
    def _not_empty(cls, prompt: str) -> str:
        if not prompt.strip():
            raise wrong("prompt is empty; say what the model is to do")
        return prompt

    @field_validator("model")
    @classmethod
    def _vendor_and_name(cls, model: str | None) -> str | None:
        if model is not None and not _MODEL.fullmatch(model):
            raise wrong(f"model must be vendor:name, with one of the vendors {', '.join(_VENDOR_NAMES)}")
        return model


class AgentBlock(Block[AgentConfig]):
    """Asks a model; the output is its text, or JSON text that fits the schema.

    Each answer of a model is kept as it comes in: a crash between two of them repeats neither.
    """

    type = "agent"
    title = "Agent"
    description = "Asks a language model, with the outputs of the blocks before it as context."
    icon = "sparkles"
    config_model = AgentConfig

    async def run(self, config: AgentConfig, context: BlockContext) -> Completed:
        """Ask the model.

        Raises:
            BlockError: the model is not there, or gave no valid answer.
        """
        prompt = build_prompt(context.render(config.prompt), upstream=context.upstream, feedback=context.feedback)
        system = context.render(config.system) if config.system else None
        try:
            resolved = await context.services.models.resolve(
                config.model, org_id=context.org_id, project_id=context.project_id
            )
        except ModelNotAvailable as error:
            raise BlockError(str(error), retryable=False) from error
        # Loading the agent library takes seconds of work, in which the server has to go on serving.
        agents = await asyncio.to_thread(import_module, "runwright.agents.run")
        task = agents.AgentTask(
            prompt=storable(prompt),
            system=storable(system) if system else None,
            schema=None if config.output == "text" else config.output,
            max_tokens=config.limits.max_tokens,
            requests=config.limits.requests,
        )
        return Completed(output=await agents.run_agent(task, resolved=resolved, context=context))

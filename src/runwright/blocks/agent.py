"""``agent``: asks a language model."""

from __future__ import annotations

import asyncio
import re
from importlib import import_module
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from runwright.agents.options import AgentCheck, AgentLimits, AgentTools
from runwright.agents.prompt import build_prompt
from runwright.agents.schema import problem_of
from runwright.agents.workflow_tools import CallPending
from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    BlockError,
    Completed,
    Marker,
    Parked,
    TemplateText,
    wrong,
)
from runwright.integrations.llm.registry import ResolvedModel
from runwright.integrations.llm.vendors import DEMO, LOCAL, VENDORS, ModelNotAvailable
from runwright.kit.text import storable

_VENDOR_NAMES = (*VENDORS, LOCAL, DEMO)
_MODEL = re.compile(rf"({'|'.join(_VENDOR_NAMES)}):\S+")


def _check_output(value: Any) -> Any:
    if value == "text":
        return value
    if not isinstance(value, dict):
        raise wrong("output must be text, or the JSON schema of an object")
    if (problem := problem_of(value)) is not None:
        raise wrong(f"output: {problem}")
    return value


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
    tools: AgentTools = AgentTools()
    """What the model may do beside answering: `http` requests, `code`, reading `files`, tools of `mcp` servers,
    other `workflows`. Each call is shown in the run."""
    checks: tuple[AgentCheck, ...] = Field(default=(), max_length=20)
    """What the answer must fulfil. The model is told what failed and asked again, `retries` times; then `fallback` is
    asked, and then the block fails."""
    retries: int = Field(default=2, ge=0, le=10)
    """How often a model is told what is wrong with its answer."""
    fallback: str | None = None
    """The model to ask when the first one fails or gives no good answer, as `vendor:name`."""
    limits: AgentLimits = AgentLimits()
    """What one run may use."""

    @field_validator("prompt")
    @classmethod
    def _not_empty(cls, prompt: str) -> str:
        if not prompt.strip():
            raise wrong("prompt is empty; say what the model is to do")
        return prompt

    @field_validator("model", "fallback")
    @classmethod
    def _vendor_and_name(cls, model: str | None) -> str | None:
        if model is not None and not _MODEL.fullmatch(model):
            raise wrong(f"model must be vendor:name, with one of the vendors {', '.join(_VENDOR_NAMES)}")
        return model


class AgentBlock(Block[AgentConfig]):
    """Asks a model; the output is its text, or JSON text that fits the schema.

    Each answer of a model or tool is kept as it comes in: a crash between two of them repeats neither.
    """

    type = "agent"
    title = "Agent"
    description = "Asks a language model, with the outputs of the blocks before it as context."
    icon = "sparkles"
    config_model = AgentConfig

    async def run(self, config: AgentConfig, context: BlockContext) -> Completed | Parked:
        """Ask the model; parked while a workflow that it called has not ended.

        Raises:
            BlockError: the model is not there, or gave no valid answer.
            CeilingReached: a person has to decide whether the execution may spend more.
        """
        prompt = build_prompt(context.render(config.prompt), upstream=context.upstream, feedback=context.feedback)
        system = context.render(config.system) if config.system else None
        cheaper = await context.budget.model()
        names = _names(config) if cheaper is None else [cheaper]
        models = [await self._resolve(name, context) for name in names]
        # Loading the agent library takes seconds of work, in which the server has to go on serving.
        agents = await asyncio.to_thread(import_module, "runwright.agents.run")
        task = agents.AgentTask(
            prompt=storable(prompt),
            system=storable(system) if system else None,
            schema=None if config.output == "text" else config.output,
            limits=config.limits,
            tools=config.tools,
            checks=config.checks,
            retries=config.retries,
        )
        try:
            return Completed(output=await agents.run_agent(task, models=models, context=context))
        except CallPending:
            # It runs again when the call has ended; up to here everything is answered from what is kept.
            return Parked()

    async def _resolve(self, name: str | None, context: BlockContext) -> ResolvedModel:
        try:
            resolved: ResolvedModel = await context.services.models.resolve(
                name, org_id=context.org_id, project_id=context.project_id
            )
        except ModelNotAvailable as error:
            raise BlockError(str(error), retryable=False) from error
        return resolved


def _names(config: AgentConfig) -> list[str | None]:
    return [config.model] if config.fallback is None else [config.model, config.fallback]

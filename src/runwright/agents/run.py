"""Runs an agent: one model, one prompt, one checked answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_ai import Agent, ModelRetry, StructuredDict
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import UsageLimits

from runwright.agents.checkpoints import CheckpointedModel
from runwright.agents.failures import EXPLAINED, explain, timed_out
from runwright.agents.schema import mismatches
from runwright.blocks.base import BlockContext
from runwright.integrations.llm.registry import ResolvedModel
from runwright.kit.json import dumps

_OUTPUT_NAME = "answer"
_REPAIRS = 2
"""How often a model is told that its answer does not fit, and asked again."""


@dataclass(frozen=True, slots=True)
class AgentTask:
    """What an agent is to do; texts are rendered. ``schema`` None asks for plain text."""

    prompt: str
    system: str | None
    schema: Mapping[str, Any] | None
    max_tokens: int | None
    requests: int


async def run_agent(task: AgentTask, *, resolved: ResolvedModel, context: BlockContext) -> str:
    """Ask the model until its answer is valid: text, or JSON text that fits the schema.

    Raises:
        BlockError: there was no valid answer.
    """
    seconds = context.timeout or resolved.timeout
    model = CheckpointedModel(resolved, context, timeout=seconds)
    agent = _agent(task, model, settings=_settings(task, resolved, seconds=seconds))
    try:
        result = await agent.run(task.prompt, usage_limits=UsageLimits(request_limit=task.requests))
    except EXPLAINED as error:
        raise explain(error, model=resolved.id) from error
    except TimeoutError as error:
        raise timed_out(model=resolved.id, seconds=seconds) from error
    return result.output if isinstance(result.output, str) else dumps(result.output)


def _settings(task: AgentTask, resolved: ResolvedModel, *, seconds: float) -> ModelSettings:
    return ModelSettings(
        max_tokens=task.max_tokens or resolved.max_tokens, timeout=seconds, max_retries=resolved.retries
    )


def _agent(task: AgentTask, model: CheckpointedModel, *, settings: ModelSettings) -> Agent[None, Any]:
    output = StructuredDict(dict(task.schema), name=_OUTPUT_NAME) if task.schema is not None else str
    agent: Agent[None, Any] = Agent(
        model,
        output_type=output,
        instructions=task.system,
        model_settings=settings,
        retries={"output": _REPAIRS, "tools": 0},
        deps_type=type(None),
    )
    if task.schema is not None:
        _check_output(agent, task.schema)
    return agent


def _check_output(agent: Agent[None, Any], schema: Mapping[str, Any]) -> None:
    @agent.output_validator
    def fits(value: dict[str, Any]) -> dict[str, Any]:
        if problems := mismatches(value, schema):
            raise ModelRetry("The answer does not fit the schema. " + "; ".join(problems))
        return value

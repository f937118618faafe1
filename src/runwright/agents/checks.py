"""Whether an answer is good enough: each check passes, or says in a sentence what is wrong."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from pydantic_ai import Agent, StructuredDict
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage

from runwright.agents.checkpoints import CheckpointedModel
from runwright.agents.options import AgentCheck
from runwright.agents.schema import matcher, mismatches
from runwright.blocks.base import BlockContext, BlockError
from runwright.kit.json import loads
from runwright.kit.text import shortened

_JUDGEMENT = {
    "type": "object",
    "properties": {
        "verdict": {"type": "string", "enum": ["acceptable", "unacceptable"]},
        "reason": {"type": "string", "description": "What is wrong, so that it can be corrected."},
    },
    "required": ["verdict", "reason"],
    "additionalProperties": False,
}
_JUDGE = "You judge whether a text fulfils a demand. Say acceptable only when it does; else say what is wrong with it."
_QUOTED = 1_000
_STRINGS = re.compile(r"('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
_OUTPUT = re.compile(r"(?<![\w.-])output(?![\w-])")


Judge = Callable[[str, str], Awaitable[str | None]]
"""Told an answer and a demand, says what is wrong, or None."""


async def failed_checks(output: str, checks: Sequence[AgentCheck], *, context: BlockContext, judge: Judge) -> list[str]:
    """What is wrong with an answer, a sentence for each check that fails. Models judge only what passed the rest.

    Raises:
        BlockError: a condition cannot be evaluated.
    """
    plain = [check for check in checks if check.judge is None]
    problems = [told for check in plain if (told := _problem(output, check, context=context)) is not None]
    if problems:
        return problems
    for check in checks:
        if check.judge is not None:
            reason = await judge(output, context.render(check.judge))
            if reason is not None:
                problems.append(check.message or f"A judge found: {reason}")
    return problems


def _problem(output: str, check: AgentCheck, *, context: BlockContext) -> str | None:
    if check.matches is not None and not matcher(check.matches)(output):
        return check.message or f"The answer must match the pattern {check.matches}"
    if check.condition is not None and not _holds(output, check.condition, context=context):
        return check.message or f"This must hold for the answer: {check.condition}"
    if check.json_schema is not None and (wrong := _not_fitting(output, check.json_schema)):
        return check.message or f"The answer does not fit the schema. {wrong}"
    return None


def _not_fitting(output: str, schema: dict[str, Any]) -> str:
    try:
        value = loads(output)
    except (ValueError, RecursionError):
        return "It is no JSON; answer with the JSON alone"
    return "; ".join(mismatches(value, schema))


def _holds(output: str, condition: str, *, context: BlockContext) -> bool:
    """Evaluate a condition with the answer as this block's output, which is what `output` stands for."""
    parts = _STRINGS.split(condition)
    named = [
        part if index % 2 else _OUTPUT.sub(f"blocks.{context.key}.output", part) for index, part in enumerate(parts)
    ]
    scope = replace(context.scope, outputs={**context.scope.outputs, context.key: output})
    try:
        return bool(context.services.test("".join(named), scope))
    except BlockError as error:
        raise BlockError(f"The check {condition!r} cannot be evaluated: {error}", retryable=False) from error


async def judged(
    output: str, demand: str, *, model: CheckpointedModel, settings: ModelSettings, usage: RunUsage
) -> str | None:
    """What a model finds wrong with the answer, or None when it is fine."""
    agent: Agent[None, dict[str, Any]] = Agent(
        model.judging(),
        output_type=StructuredDict(_JUDGEMENT, name="judgement"),
        instructions=_JUDGE,
        model_settings=settings,
        retries={"output": 1, "tools": 0},
        deps_type=type(None),
    )
    text = output.replace("</text>", "&lt;/text>")
    result = await agent.run(f"The demand: {demand}\n\n<text>\n{text}\n</text>", usage=usage)
    if result.output.get("verdict") == "acceptable":
        return None
    return shortened(str(result.output.get("reason") or "it does not fulfil the demand"), _QUOTED)

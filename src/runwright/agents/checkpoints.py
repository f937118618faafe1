"""A model whose answers are kept: what was asked and paid for once is not asked again after a crash."""

from __future__ import annotations

import asyncio
import hashlib
import json
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.usage import RunUsage
from pydantic_core import to_jsonable_python

from runwright.agents.streaming import TextStream
from runwright.blocks.base import BlockContext, Checkpoint
from runwright.integrations.llm.pricing import cost_of
from runwright.integrations.llm.registry import ResolvedModel
from runwright.kit.clock import Millis, now_ms
from runwright.kit.money import PER_DOLLAR, format_usd
from runwright.kit.text import storable

_RESPONSE = TypeAdapter(ModelResponse)
# What differs between two runs of the same request.
_VOLATILE = frozenset({"timestamp", "run_id", "conversation_id"})


class AnswerCutOff(Exception):
    """The answer broke off: the stream ended without saying that it was complete."""


class AnswerTooLong(Exception):
    """The model ran into its token limit before it was done."""


class CostReached(Exception):
    """What the run may cost is spent, or cannot be told."""


@dataclass
class Meter:
    """Counts the requests of one run, over all its models, and what they cost in millionths of a US dollar."""

    cost_limit: float | None = None
    requests: int = 0
    spent: int = 0
    exhausted: bool = False
    usage: RunUsage = field(default_factory=RunUsage)
    """Requests, tokens and tool calls, counted by the agent library over all models and judges."""

    def next_request(self) -> int:
        """The number of the request that is to be sent.

        Raises:
            CostReached: there is no money left for it.
        """
        if self.cost_limit is not None and self.spent >= self.cost_limit * PER_DOLLAR:
            self.exhausted = True
            raise CostReached(
                f"{format_usd(self.spent)} of {self.cost_limit:g} US dollars are spent; raise limits.cost"
            )
        self.requests += 1
        return self.requests

    def add(self, cost: int | None, *, model: str) -> None:
        """Count what an answer cost.

        Raises:
            CostReached: its price is not known, although there is a limit.
        """
        if cost is None and self.cost_limit is not None:
            self.exhausted = True
            raise CostReached(f"the price of {model} is not known, so limits.cost cannot be kept; use limits.tokens")
        self.spent += cost or 0


class CheckpointedModel(WrapperModel):
    """Asks the model, streaming, and keeps each answer under ``model:1``, ``model:2`` and so on."""

    def __init__(self, resolved: ResolvedModel, context: BlockContext, *, timeout: float, meter: Meter) -> None:
        """Wrap a model for one run of a block; ``timeout`` is in seconds, for each whole answer."""
        super().__init__(resolved.model)
        self._resolved = resolved
        self._context = context
        self._timeout = timeout
        self._meter = meter
        self._requests = 0
        self._silent = False

    def judging(self) -> CheckpointedModel:
        """The same model as a judge: what it says is no part of the answer, and is not shown as it comes."""
        judge = copy(self)
        judge._silent = True
        return judge

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """The answer kept from before a crash, or a new one.

        Raises:
            AnswerCutOff: the stream ended early.
            AnswerTooLong: the token limit was reached.
            TimeoutError: the answer was not complete in time.
            CostReached: what the run may cost is spent.
            CeilingReached: what the whole execution may cost is spent.
            BlockError: the execution has a ceiling of costs, and the price of this model is not known.
        """
        self._requests = self._meter.next_request()
        name = f"model:{self._requests}"
        digest = _digest(messages, model_settings, model_request_parameters)
        kept = await self._context.checkpoints.get(name)
        if kept is not None and kept.request_hash == digest:
            response = _RESPONSE.validate_json(kept.response)
        else:
            await self._context.budget.check()
            started = now_ms()
            response = await self._ask(messages, model_settings, model_request_parameters)
            kept = self._checkpoint(response, digest=digest, started=started)
            await self._context.checkpoints.put(name, kept)
        self._meter.add(kept.cost_micros, model=self._resolved.id)
        self._context.budget.require_known(kept.cost_micros, model=self._resolved.id)
        if response.finish_reason == "length":
            raise AnswerTooLong
        return response

    async def _ask(
        self, messages: list[ModelMessage], settings: ModelSettings | None, parameters: ModelRequestParameters
    ) -> ModelResponse:
        text = TextStream(self._context, self._requests)
        try:
            async with (
                asyncio.timeout(self._timeout),
                self.wrapped.request_stream(messages, settings, parameters) as stream,
            ):
                async for event in stream:
                    if not self._silent:
                        text.add(_text_of(event))
                response = stream.get()
        finally:
            text.close()
        if response.finish_reason is None:
            raise AnswerCutOff
        return _cleaned(response)

    def _checkpoint(self, response: ModelResponse, *, digest: str, started: Millis) -> Checkpoint:
        return Checkpoint(
            kind="judge" if self._silent else "model",
            request_hash=digest,
            response=_RESPONSE.dump_json(response).decode(),
            started_at=started,
            finished_at=now_ms(),
            model=self._resolved.id,
            input_tokens=response.usage.input_tokens,
            output_tokens=response.usage.output_tokens,
            cost_micros=cost_of(response),
        )


def _text_of(event: object) -> str:
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    return ""


def _cleaned(response: ModelResponse) -> ModelResponse:
    for part in response.parts:
        if isinstance(part, TextPart):
            part.content = storable(part.content)
        elif isinstance(part, ToolCallPart) and isinstance(part.args, str):
            part.args = storable(part.args)
    return response


def _digest(messages: list[ModelMessage], settings: ModelSettings | None, parameters: ModelRequestParameters) -> str:
    """What makes a request this one, and no other.

    The model is no part of it: an execution may go on with another one, and what the first answered stays answered.
    """
    asked = {
        "messages": _steady(ModelMessagesTypeAdapter.dump_python(messages, mode="json")),
        "max_tokens": (settings or {}).get("max_tokens"),
        "output": parameters.output_mode,
        "tools": [_described(tool) for tool in (*parameters.function_tools, *parameters.output_tools)],
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _described(tool: ToolDefinition) -> Any:
    return to_jsonable_python([tool.name, tool.description, tool.parameters_json_schema])


def _steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _steady(part) for key, part in value.items() if key not in _VOLATILE}
    return [_steady(part) for part in value] if isinstance(value, list) else value

"""The demo provider: a script that answers like a model would, so that everything can be tried without a key."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ModelResponsePart,
    TextPart,
    ToolCallPart,
    UserPromptPart,
)
from pydantic_ai.models import CompletedStreamedResponse, Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import RunContext
from pydantic_ai.usage import RequestUsage

from runwright.integrations.llm.script import answer, instance
from runwright.integrations.llm.vendors import DEMO, Access

_CHARACTERS_PER_TOKEN = 4


def build(name: str, *, access: Access, http: httpx2.AsyncClient) -> Model:
    """The one model of this vendor, whatever the name."""
    return DemoModel()


class DemoModel(Model):
    """Answers from the prompt alone, the same every time, and says that it is a demo."""

    @property
    def model_name(self) -> str:
        """What is shown as the model."""
        return "scripted"

    @property
    def system(self) -> str:
        """What is shown as the vendor."""
        return DEMO

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Answer at once."""
        _, parameters = self.prepare_request(model_settings, model_request_parameters)
        prompt = _prompt(messages)
        part: ModelResponsePart
        if parameters.output_tools:
            tool = parameters.output_tools[0]
            part = ToolCallPart(tool.name, instance(tool.parameters_json_schema, prompt), tool_call_id="demo")
        else:
            part = TextPart(answer(prompt))
        return ModelResponse(
            parts=[part],
            usage=RequestUsage(input_tokens=_tokens(prompt), output_tokens=_tokens(str(part))),
            model_name=self.model_name,
            provider_name=self.system,
            finish_reason="stop",
        )

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        """Answer in one piece."""
        response = await self.request(messages, model_settings, model_request_parameters)
        yield CompletedStreamedResponse(response, model_request_parameters=model_request_parameters, replay_events=True)


def _prompt(messages: list[ModelMessage]) -> str:
    requests = [message for message in messages if isinstance(message, ModelRequest)]
    parts = [part for request in requests for part in request.parts if isinstance(part, UserPromptPart)]
    return "\n".join(part.content for part in parts if isinstance(part.content, str))


def _tokens(text: str) -> int:
    return len(text) // _CHARACTERS_PER_TOKEN + 1

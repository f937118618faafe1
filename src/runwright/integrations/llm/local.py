"""A model on this machine, behind llama.cpp's own server, which speaks OpenAI's chat protocol."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from pydantic_ai.exceptions import ModelAPIError
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import RunContext

from runwright.integrations.http.errors import Refused
from runwright.integrations.llm.vendors import LOCAL, Access

# The server binds the answer to the schema by a grammar; the schema in the prompt tells a small model what it means.
_PROFILE = OpenAIModelProfile(
    openai_chat_supports_max_completion_tokens=False,
    openai_chat_streaming_requires_finish_reason=True,
    supports_json_schema_output=True,
    default_structured_output_mode="native",
    native_output_requires_schema_in_instructions=True,
)


def build(name: str, *, access: Access, http: httpx2.AsyncClient) -> Model:
    """The model behind the address of its process."""
    assert access.base_url is not None
    provider = OpenAICompatibleProvider(
        LOCAL, base_url=access.base_url, api_key=access.api_key, http_client=http, profile=_PROFILE
    )
    return _LocalChatModel(name, provider=provider)


class _LocalChatModel(OpenAIChatModel):
    """Says clearly that it cannot call tools, rather than answer as if there were none."""

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        """See the base class.

        Raises:
            ModelAPIError: the request offers tools.
        """
        if model_request_parameters.function_tools:
            reason = Refused("The local model cannot call tools: remove tools from the block, or name another model")
            raise ModelAPIError(self.model_name, "no tools") from reason
        async with super().request_stream(messages, model_settings, model_request_parameters, run_context) as stream:
            yield stream

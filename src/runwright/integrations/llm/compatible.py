"""Any server that speaks OpenAI's chat protocol: a gateway, or a model on one's own machine."""

from __future__ import annotations

import httpx2
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from runwright.integrations.llm.vendors import Access

# What such servers have in common: the older name of the token limit, and answers bound to a JSON schema, which
# small models manage where they fail at calling tools. Some ignore the schema, so it is in the prompt as well.
_PROFILE = OpenAIModelProfile(
    openai_chat_supports_max_completion_tokens=False,
    openai_chat_streaming_requires_finish_reason=True,
    supports_json_schema_output=True,
    default_structured_output_mode="native",
    native_output_requires_schema_in_instructions=True,
)


def build(name: str, *, access: Access, http: httpx2.AsyncClient) -> Model:
    """A model behind an address, which must be there."""
    assert access.base_url is not None
    provider = OpenAICompatibleProvider(
        "compatible",
        base_url=access.base_url,
        api_key=access.api_key,
        http_client=http,
        profile=_PROFILE,
    )
    return OpenAIChatModel(name, provider=provider)

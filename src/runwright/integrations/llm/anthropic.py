"""Anthropic, over its Messages API."""

from __future__ import annotations

import httpx2
from anthropic import AsyncAnthropic
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.providers.anthropic import AnthropicProvider

from runwright.integrations.llm.vendors import Access

ADDRESS = "https://api.anthropic.com"


def build(name: str, *, access: Access, http: httpx2.AsyncClient) -> Model:
    """A model of this vendor. The address is always given: none is taken from the environment."""
    client = AsyncAnthropic(base_url=access.base_url or ADDRESS, api_key=access.api_key or "", http_client=http)
    return AnthropicModel(name, provider=AnthropicProvider(anthropic_client=client))

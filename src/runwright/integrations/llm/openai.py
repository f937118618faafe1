"""OpenAI, over its Responses API. Servers that only speak the older chat protocol are the vendor ``compatible``."""

from __future__ import annotations

import httpx2
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIResponsesModel, OpenAIResponsesModelSettings
from pydantic_ai.providers.openai import OpenAIProvider

from runwright.integrations.llm.vendors import Access

ADDRESS = "https://api.openai.com/v1"

# Nothing of a workflow stays with the vendor.
_SETTINGS = OpenAIResponsesModelSettings(openai_store=False)


def build(name: str, *, access: Access, http: httpx2.AsyncClient) -> Model:
    """A model of this vendor. The address is always given: none is taken from the environment."""
    provider = OpenAIProvider(base_url=access.base_url or ADDRESS, api_key=access.api_key or "", http_client=http)
    return OpenAIResponsesModel(name, provider=provider, settings=_SETTINGS)

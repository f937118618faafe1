"""Google, over the Gemini API."""

from __future__ import annotations

import httpx2
from pydantic_ai.models import Model
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.providers.google import GoogleProvider

from runwright.integrations.llm.vendors import Access

ADDRESS = "https://generativelanguage.googleapis.com/"


def build(name: str, *, access: Access, http: httpx2.AsyncClient) -> Model:
    """A model of this vendor. The address is always given: none is taken from the environment."""
    provider = GoogleProvider(api_key=access.api_key or "", base_url=access.base_url or ADDRESS, http_client=http)
    return GoogleModel(name, provider=provider)

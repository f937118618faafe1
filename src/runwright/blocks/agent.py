"""``agent``: asks a language model."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    Completed,
    Marker,
    TemplateText,
    wrong,
)

VENDORS = ("openai", "anthropic", "google", "compatible", "demo")
_MODEL = re.compile(rf"({'|'.join(VENDORS)}):\S+")


class AgentLimits(BaseModel):
    """What one run of an agent may use."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    """Longest answer of the model, in tokens; the installation's setting when absent."""
    requests: int = Field(default=5, ge=1, le=100)
    """How often the model may be asked, repeated questions for a valid answer included."""


class AgentConfig(BlockConfig):
    """Fields of an ``agent`` block. ``output`` is ``text`` or the JSON schema of an object."""

    prompt: TemplateText
    system: Annotated[str | None, Marker.TEMPLATE] = None
    model: str | None = None
    output: Literal["text"] | dict[str, Any] = "text"
    limits: AgentLimits = AgentLimits()

    @field_validator("prompt")
    @classmethod
    def _not_empty(cls, prompt: str) -> str:
        if not prompt.strip():
            raise wrong("prompt is empty; say what the model is to do")
        return prompt

    @field_validator("model")
    @classmethod
    def _vendor_and_name(cls, model: str | None) -> str | None:
        if model is not None and not _MODEL.fullmatch(model):
            raise wrong(f"model must be vendor:name, with one of the vendors {', '.join(VENDORS)}")
        return model


class AgentBlock(Block[AgentConfig]):
    """Asks a model; the output is its text, or JSON text that fits the schema."""

    type = "agent"
    title = "Agent"
    description = "Asks a language model, with the outputs of the blocks before it as context."
    icon = "sparkles"
    config_model = AgentConfig

    async def run(self, config: AgentConfig, context: BlockContext) -> Completed:
        """Ask the model."""
        raise NotImplementedError

"""``output``: marks the result of the execution."""

from __future__ import annotations

from pydantic import field_validator

from runwright.blocks.base import Block, BlockConfig, BlockContext, Completed, TemplateJson, wrong
from runwright.kit.json import Json, dumps


class OutputConfig(BlockConfig):
    """Fields of an ``output`` block. ``value`` is a text, or a list or mapping that becomes JSON text."""

    value: TemplateJson
    """The result: a text, or a list or mapping that becomes JSON text."""

    @field_validator("value")
    @classmethod
    def _has_value(cls, value: Json) -> Json:
        if value is None:
            raise wrong("value is empty; give the text, list or mapping that is the result")
        return value


class OutputBlock(Block[OutputConfig]):
    """Renders its value; the output is the text, or JSON text when the value is no text."""

    type = "output"
    title = "Output"
    description = "Marks a value as the result of the workflow."
    icon = "flag"
    config_model = OutputConfig
    inline = True

    def run(self, config: OutputConfig, context: BlockContext) -> Completed:
        """Render the value."""
        value = context.render(config.value)
        return Completed(output=value if isinstance(value, str) else dumps(value))

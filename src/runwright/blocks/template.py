"""``template``: a text in which names are looked up."""

from __future__ import annotations

from runwright.blocks.base import Block, BlockConfig, BlockContext, Completed, TemplateText


class TemplateConfig(BlockConfig):
    """Fields of a ``template`` block."""

    text: TemplateText
    """The text, with names to look up."""


class TemplateBlock(Block[TemplateConfig]):
    """Renders its text; the output is the text."""

    type = "template"
    title = "Template"
    description = "Builds a text from variables and the outputs of other blocks."
    icon = "template"
    config_model = TemplateConfig
    inline = True

    def run(self, config: TemplateConfig, context: BlockContext) -> Completed:
        """Render the text."""
        return Completed(output=context.render(config.text))

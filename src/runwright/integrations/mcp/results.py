"""What a tool answered, as the text that a model is given."""

from __future__ import annotations

from mcp_types import AudioContent, CallToolResult, ContentBlock, ImageContent, ResourceLink, TextContent

from runwright.kit.json import dumps


def text_of(result: CallToolResult) -> str:
    """The texts of an answer; of what is no text, only what it is. Structured content stands for missing texts."""
    parts = [_part(block) for block in result.content]
    if not parts and result.structured_content is not None:
        return dumps(result.structured_content)
    return "\n\n".join(parts)


def _part(block: ContentBlock) -> str:
    if isinstance(block, TextContent):
        return block.text
    if isinstance(block, ImageContent | AudioContent):
        return f"[{block.mime_type}, {len(block.data) * 3 // 4} bytes: left out]"
    if isinstance(block, ResourceLink):
        return f"[resource {block.uri}]"
    text = getattr(block.resource, "text", None)
    return text if isinstance(text, str) else f"[resource {block.resource.uri}: left out]"

"""The tools of one run of an agent. Each call is answered once: after a crash the kept answer is used again."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic_ai import Tool

from runwright.agents.file_tools import file_offers
from runwright.agents.mcp_tools import McpTools
from runwright.agents.offers import Offer, ToolCall, ToolFailed
from runwright.agents.options import AgentTools
from runwright.agents.tools import own_offers
from runwright.agents.workflow_tools import workflow_offers
from runwright.blocks.base import BlockContext, Checkpoint
from runwright.kit.clock import now_ms
from runwright.kit.json import dumps, loads
from runwright.kit.text import storable

MAX_RESULT = 50_000
"""Characters of a tool's answer that the model is given."""
_SHOWN = 1_000


@asynccontextmanager
async def open_toolbox(options: AgentTools, context: BlockContext) -> AsyncIterator[Toolbox]:
    """All tools the options name; what they opened is closed at the end.

    Raises:
        BlockError: one of them cannot be had.
    """
    mcp = McpTools(options.mcp, context)
    try:
        files = file_offers(context) if options.files else []
        workflows = workflow_offers(options.workflows, context)
        yield Toolbox(context, [*own_offers(options, context), *files, *workflows, *await mcp.offers()])
    finally:
        await mcp.aclose()


@dataclass
class Toolbox:
    """Hands a model its tools, and keeps what they answered."""

    context: BlockContext
    offers: Sequence[Offer]
    _calls: int = 0

    def tools(self) -> list[Tool[None]]:
        """All of them, as the agent library takes them."""
        return [self._tool(offer) for offer in self.offers]

    def _tool(self, offer: Offer) -> Tool[None]:
        async def answered(**given: object) -> str:
            return await self._answered(offer, given)

        return Tool.from_schema(answered, offer.name, offer.description, dict(offer.schema), sequential=True)

    async def _answered(self, offer: Offer, given: dict[str, object]) -> str:
        """The answer kept from before a crash, or a new one."""
        self._calls += 1
        call = ToolCall(self._calls, given)
        key = f"tool:{call.number}"
        digest = hashlib.sha256(dumps([offer.name, given]).encode("utf-8", "replace")).hexdigest()
        kept = await self.context.checkpoints.get(key)
        if kept is not None and kept.request_hash == digest:
            return str(loads(kept.response)["result"])
        shown = {**offer.about, "tool": offer.name, "arguments": given}
        started = now_ms()
        self.context.emit("tool", {"call": call.number, **shown})
        result = await _result_of(offer, call)
        await self.context.checkpoints.put(
            key,
            Checkpoint(
                kind="tool",
                request_hash=digest,
                response=storable(dumps({**shown, "result": result})),
                started_at=started,
                finished_at=now_ms(),
            ),
        )
        self.context.emit("tool", {"call": call.number, "tool": offer.name, "result": result[:_SHOWN]})
        return result


async def _result_of(offer: Offer, call: ToolCall) -> str:
    try:
        result = storable(await offer.answer(call))
    except ToolFailed as error:
        result = f"Error: {storable(str(error))}"
    if len(result) > MAX_RESULT:
        return f"{result[:MAX_RESULT]}\n… ({len(result)} characters; the rest is left out)"
    return result

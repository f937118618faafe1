"""The tools of MCP servers that an agent block has chosen."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from runwright.agents.offers import Offer, ToolCall, ToolFailed
from runwright.agents.options import McpChoice
from runwright.blocks.base import BlockContext, BlockError, Checkpoint
from runwright.integrations.mcp.servers import McpError, McpServer, McpTool
from runwright.kit.clock import now_ms
from runwright.kit.json import dumps, loads
from runwright.kit.text import shortened

_LONGEST_NAME = 64
_UNSAFE = re.compile(r"[^a-zA-Z0-9_-]")
_KEPT = "tools"
_NAMED = 500


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A tool of a server, under the name that the model calls it by."""

    server: str
    tool: str
    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass
class McpTools:
    """Offers the chosen tools of the servers, and holds one connection to each server that is called."""

    choices: Sequence[McpChoice]
    context: BlockContext
    _connections: dict[str, Any] = field(default_factory=dict)

    async def offers(self) -> list[Offer]:
        """The tools.

        Which they are is kept with the answers of the models: were it to change in the middle of a run that is taken
        up after a crash, every answer would have to be paid for again.

        Raises:
            BlockError: a server or a tool is not there, or there are too many.
        """
        if not self.choices:
            return []
        digest = hashlib.sha256(dumps([choice.model_dump() for choice in self.choices]).encode()).hexdigest()
        kept = await self.context.checkpoints.get(_KEPT)
        if kept is not None and kept.request_hash == digest:
            return [self._offer(_Chosen(**tool)) for tool in loads(kept.response)["tools"]]
        started = now_ms()
        chosen = await self._choose()
        response = dumps({"tools": [asdict(tool) for tool in chosen]})
        await self.context.checkpoints.put(
            _KEPT,
            Checkpoint(kind="tools", request_hash=digest, response=response, started_at=started, finished_at=now_ms()),
        )
        return [self._offer(tool) for tool in chosen]

    async def aclose(self) -> None:
        """Close the connections, and see the processes of servers ended."""
        connections, self._connections = self._connections, {}
        for connection in connections.values():
            await connection.aclose()

    async def _choose(self) -> list[_Chosen]:
        taken: set[str] = set()
        chosen: list[_Chosen] = []
        for choice in self.choices:
            try:
                server = await self._find(choice)
            except McpError as error:
                raise BlockError(str(error), retryable=error.retryable) from error
            for tool in self._wanted(choice, server):
                name = _safe_name(server.name, tool.name, taken)
                chosen.append(_Chosen(server.name, tool.name, name, tool.description, tool.schema))
        limit = self.context.services.mcp.settings.max_tools
        if len(chosen) > limit:
            counts = ", ".join(f"{choice.server} {_count(chosen, choice.server)}" for choice in self.choices)
            raise BlockError(
                f"An agent is given at most {limit} tools of MCP servers, and these are {len(chosen)} ({counts}): "
                "choose some of them (tools.mcp: [{server: NAME, tools: [A, B]}]), or ask an operator to raise "
                "RUNWRIGHT_MCP__MAX_TOOLS",
                retryable=False,
            )
        return chosen

    async def _find(self, choice: McpChoice) -> McpServer:
        context = self.context
        servers = context.services.mcp
        found: McpServer = await servers.find(choice.server, org_id=context.org_id, project_id=context.project_id)
        if set(choice.tools or ()) <= {tool.name for tool in found.tools or ()}:
            return found
        # It may have got them since it was last asked.
        tools = await servers.refresh(found, org_id=context.org_id)
        return McpServer(found.id, found.name, found.target, found.secrets, tools)

    def _wanted(self, choice: McpChoice, server: McpServer) -> Iterable[McpTool]:
        offered = {tool.name: tool for tool in server.tools or ()}
        if choice.tools is None:
            broken = [f"{tool.name}: {tool.problem}" for tool in offered.values() if tool.problem]
            if broken:
                self.context.emit("log", {"text": f"Left out of {server.name}: {'; '.join(broken)}\n"})
            return [tool for tool in offered.values() if not tool.problem]
        for name in choice.tools:
            if name not in offered:
                has = shortened(", ".join(sorted(offered)), _NAMED) or "none"
                raise BlockError(f"The MCP server {server.name!r} has no tool {name!r}; it has {has}", retryable=False)
            if problem := offered[name].problem:
                raise BlockError(
                    f"The tool {name!r} of the MCP server {server.name!r} cannot be used: {problem}", retryable=False
                )
        return [offered[name] for name in choice.tools]

    def _offer(self, chosen: _Chosen) -> Offer:
        return Offer(
            name=chosen.name,
            description=chosen.description,
            schema=chosen.schema,
            answer=partial(self._call, chosen),
            about={"server": chosen.server, "serverTool": chosen.tool},
        )

    async def _call(self, chosen: _Chosen, call: ToolCall) -> str:
        try:
            connection = await self._connection(chosen.server)
            answer: str = await connection.call(chosen.tool, dict(call.arguments))
        except McpError as error:
            raise ToolFailed(str(error)) from error
        return answer

    async def _connection(self, name: str) -> Any:
        if name not in self._connections:
            servers, context = self.context.services.mcp, self.context
            server = await servers.find(name, org_id=context.org_id, project_id=context.project_id)
            seconds = next(choice.seconds for choice in self.choices if choice.server == name)
            self._connections[name] = await servers.open(server, seconds=seconds)
        return self._connections[name]


def _count(chosen: Sequence[_Chosen], server: str) -> int:
    return sum(tool.server == server for tool in chosen)


def _safe_name(server: str, tool: str, taken: set[str]) -> str:
    """A name that every vendor of models takes, and no other tool of the block has."""
    name = _UNSAFE.sub("_", f"{server}__{tool}")
    if not name[0].isalpha():
        name = f"_{name}"
    if len(name) > _LONGEST_NAME or name in taken:
        name = f"{name[:55]}_{hashlib.sha256(f'{server} {tool}'.encode()).hexdigest()[:8]}"
    taken.add(name)
    return name

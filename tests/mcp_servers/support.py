"""Servers to connect to, and what connects to them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from runwright.config import HttpSettings, McpSettings
from runwright.integrations.mcp.client import McpServers
from runwright.integrations.mcp.fake_server import FakeMcpServer, Kind
from runwright.integrations.mcp.servers import McpServer, McpTool, Target, Transport
from runwright.kit.clock import Millis

FAKE = "runwright.integrations.mcp.fake_server"


@dataclass
class MemoryServers:
    """The servers of a project, in memory."""

    servers: dict[str, McpServer] = field(default_factory=dict)
    kept: dict[str, list[McpTool]] = field(default_factory=dict)

    async def mcp_server(self, name: str, *, org_id: str, project_id: str) -> McpServer | None:
        return self.servers.get(name)

    async def keep_tools(self, server: McpServer, tools: object, *, org_id: str, at: Millis) -> None:
        self.kept[server.name] = list(tools)  # type: ignore[call-overload]


def over_http(server: FakeMcpServer, *, name: str = "tracker", headers: Mapping[str, str] | None = None) -> McpServer:
    target = Target(Transport.HTTP, url=server.mcp_url)
    return McpServer(id="1", name=name, target=target, secrets=headers or {})


def over_stdio(kind: Kind = Kind.NORMAL, *, name: str = "local", env: Mapping[str, str] | None = None) -> McpServer:
    target = Target(Transport.STDIO, command=sys.executable, args=("-m", FAKE, kind.value))
    return McpServer(id="2", name=name, target=target, secrets=env or {})


def connector(
    *servers: McpServer, seconds: float = 20, allow: bool = True, commands: bool = True, max_tools: int = 64
) -> McpServers:
    """What connects to these servers; closed to private addresses and commands if so wanted."""
    return McpServers(
        McpSettings(
            stdio_commands=frozenset({sys.executable} if commands else ()),
            call_seconds=seconds,
            connect_seconds=20,
            max_tools=max_tools,
        ),
        HttpSettings(allow_hosts=frozenset({"127.0.0.1"} if allow else ())),
        stored=MemoryServers({server.name: server for server in servers}),
    )

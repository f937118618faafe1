"""The MCP servers of an installation's projects: which tools they offer, and connections to them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from runwright.config import HttpSettings, McpSettings
from runwright.integrations.http.allowlist import AllowList
from runwright.integrations.http.guard import Guard, Resolver, system_resolver
from runwright.integrations.mcp.servers import McpRefused, McpServer, McpTool, StoredServers, Target, Transport
from runwright.kit.clock import now_ms

if TYPE_CHECKING:
    from runwright.integrations.mcp.connection import ClientMaker, Connection


@dataclass
class McpServers:
    """Opens connections to MCP servers, within what the operator allows.

    The protocol library is loaded at first use.
    """

    settings: McpSettings
    http: HttpSettings = field(default_factory=HttpSettings)
    stored: StoredServers | None = None
    resolver: Resolver = system_resolver
    _ssl_context: ssl.SSLContext | None = field(default=None, repr=False)

    async def find(self, name: str, *, org_id: str, project_id: str) -> McpServer:
        """A project's server with its tools; a server that was never asked for them is asked now.

        Raises:
            McpRefused: the project has no such server, or it may not be used.
            McpError: the server does not tell its tools.
        """
        found = await self.stored.mcp_server(name, org_id=org_id, project_id=project_id) if self.stored else None
        if found is None:
            raise McpRefused(
                f"The project has no MCP server {name!r}; add it to the project's MCP servers, or correct the name"
            )
        self.require_allowed(found.target)
        if found.tools is not None:
            return found
        return replace(found, tools=await self.refresh(found, org_id=org_id))

    async def refresh(self, server: McpServer, *, org_id: str) -> Sequence[McpTool]:
        """Ask a server which tools it has, and remember them.

        Raises:
            McpRefused: it may not be used.
            McpError: it does not tell them.
        """
        connection = await self.open(server)
        try:
            tools = await connection.list_tools()
        finally:
            await connection.aclose()
        if self.stored is not None:
            await self.stored.keep_tools(server, tools, org_id=org_id, at=now_ms())
        return tools

    async def open(self, server: McpServer, *, seconds: float | None = None) -> Connection:
        """A connection, which is made with its first call; ``seconds`` bounds each call, within the setting.

        Raises:
            McpRefused: it may not be used.
        """
        self.require_allowed(server.target)
        # Loading the protocol library takes seconds of work, in which the server has to go on serving.
        module = await asyncio.to_thread(import_module, "runwright.integrations.mcp.connection")
        call = min(seconds or self.settings.call_seconds, self.settings.call_seconds)
        opened: Connection = module.Connection(
            server,
            times=module.Times(connect=self.settings.connect_seconds, call=call),
            make_client=await self._client_maker(),
            max_bytes=self.http.max_response_bytes,
        )
        return opened

    def require_allowed(self, target: Target) -> None:
        """Refuse a command that the operator has not allowed.

        Raises:
            McpRefused: it is not on the list.
        """
        if target.transport is Transport.STDIO and target.command not in self.settings.stdio_commands:
            raise McpRefused(
                f"The command {target.command!r} may not be started on this installation: an operator has to add it "
                "to RUNWRIGHT_MCP__STDIO_COMMANDS, or the server has to be reached over HTTP"
            )

    async def _client_maker(self) -> ClientMaker:
        from httpcore2 import default_ssl_context

        from runwright.integrations.http.transport import guarded_httpx_client

        if self._ssl_context is None:
            self._ssl_context = await asyncio.to_thread(default_ssl_context)
        return partial(
            guarded_httpx_client,
            Guard(AllowList(self.http.allow_hosts), resolver=self.resolver),
            max_bytes=self.http.max_response_bytes,
            ssl_context=self._ssl_context,
        )

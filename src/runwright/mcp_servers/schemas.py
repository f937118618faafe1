"""What ``/api/v1`` takes and answers about MCP servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, SecretStr

from runwright.errors import Invalid
from runwright.integrations.mcp.servers import McpTool, Target, Transport
from runwright.kit.schemas import ApiInput, ApiModel, Moment
from runwright.mcp_servers.service import Server, Wanted


class McpServerIn(ApiInput):
    """An MCP server: `url`, `token` and `headers` of one over HTTP; `command`, `args` and `env` of one that is started
    here. Headers, variables and the token are kept encrypted and never shown.
    """

    name: str = Field(description="What blocks call it: a-z, 0-9, - and _, at most 40.")
    transport: Transport
    url: str | None = Field(default=None, description="Its address, for streamable HTTP.")
    token: SecretStr | None = Field(default=None, description="Sent as `Authorization: Bearer …`.")
    headers: dict[str, SecretStr] | None = Field(
        default=None, description="Sent with every request. A change that gives neither headers nor token keeps them."
    )
    command: str | None = Field(default=None, description="The program; an operator has to have allowed it.")
    args: list[str] = Field(default=[], description="The arguments of the program.")
    env: dict[str, SecretStr] | None = Field(
        default=None, description="Variables of its process, the only ones but PATH, HOME and the language's."
    )

    def wanted(self) -> Wanted:
        """As the service takes it.

        Raises:
            Invalid: secrets of the other transport are given.
        """
        target = Target(self.transport, url=self.url or None, command=self.command or None, args=tuple(self.args))
        if self.transport is Transport.STDIO:
            if self.token is not None or self.headers:
                raise Invalid("headers: do not belong to a server that is started by a command; use env")
            return Wanted(self.name, target, _open(self.env))
        if self.env:
            raise Invalid("env: does not belong to a server that is reached over HTTP; use headers")
        if self.token is None:
            return Wanted(self.name, target, _open(self.headers))
        token = {"Authorization": f"Bearer {self.token.get_secret_value()}"}
        return Wanted(self.name, target, {**(_open(self.headers) or {}), **token})


def _open(secrets: Mapping[str, SecretStr] | None) -> dict[str, str] | None:
    return None if secrets is None else {name: value.get_secret_value() for name, value in secrets.items()}


class McpToolOut(ApiModel):
    """A tool of a server. `problem`: why agents are not given it."""

    name: str
    description: str
    input_schema: dict[str, Any]
    problem: str | None

    @classmethod
    def of(cls, tool: McpTool) -> McpToolOut:
        """As it is answered."""
        return cls(name=tool.name, description=tool.description, input_schema=dict(tool.schema), problem=tool.problem)


class McpServerOut(ApiModel):
    """A server without its secrets, of which it has the names. `tools` is null until it was asked for them."""

    id: str
    project_id: str
    name: str
    transport: Transport
    url: str | None
    command: str | None
    args: list[str]
    secret_names: list[str]
    tools: list[McpToolOut] | None
    tools_at: Moment | None
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, server: Server) -> McpServerOut:
        """As it is answered."""
        return cls(
            id=server.id,
            project_id=server.project_id,
            name=server.name,
            transport=server.target.transport,
            url=server.target.url,
            command=server.target.command,
            args=list(server.target.args),
            secret_names=list(server.secret_names),
            tools=None if server.tools is None else [McpToolOut.of(tool) for tool in server.tools],
            tools_at=server.tools_at,
            created_at=server.created_at,
            updated_at=server.updated_at,
        )


class McpRefreshOut(ApiModel):
    """How asking a server went; of one that did not answer, `message` says why, and the tools are as before."""

    ok: bool
    message: str
    milliseconds: int
    server: McpServerOut

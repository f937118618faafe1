"""``/api/v1/mcp-servers``: the MCP servers of a project, and what tools they have."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter, Request

from runwright.accounts.dependencies import CurrentProject, PathId, database_of, door_of
from runwright.accounts.repository import Project
from runwright.errors import Invalid
from runwright.integrations.mcp.client import McpServers
from runwright.integrations.mcp.servers import McpError, McpRefused, McpServer
from runwright.kit.clock import now_ms
from runwright.mcp_servers import service
from runwright.mcp_servers.schemas import McpRefreshOut, McpServerIn, McpServerOut

router = APIRouter(prefix="/api/v1/mcp-servers", tags=["MCP servers"])


@router.get("")
async def list_mcp_servers(project: CurrentProject, request: Request) -> list[McpServerOut]:
    """The project's MCP servers, by name, with their tools; never their secrets."""
    found = await database_of(request).read(lambda conn: service.list_servers(conn, project.org_id, project.id))
    return [McpServerOut.of(server) for server in found]


@router.post("", status_code=201)
async def create_mcp_server(body: McpServerIn, project: CurrentProject, request: Request) -> McpServerOut:
    """Register a server. Agent blocks of the project use it by its name. Refresh it to see its tools."""
    box, wanted = door_of(request).secret_box, _allowed(body, request)

    def unit(conn: sa.Connection) -> service.Server:
        return service.create_server(conn, box, org_id=project.org_id, project_id=project.id, wanted=wanted)

    return McpServerOut.of(await database_of(request).write(unit))


@router.get("/{server_id}")
async def get_mcp_server(server_id: PathId, project: CurrentProject, request: Request) -> McpServerOut:
    """One server."""
    return await _shown(server_id, project, request)


@router.put("/{server_id}")
async def replace_mcp_server(
    server_id: PathId, body: McpServerIn, project: CurrentProject, request: Request
) -> McpServerOut:
    """Change a server whole. Without secrets the old ones stay, unless they would go to another place."""
    box, wanted = door_of(request).secret_box, _allowed(body, request)

    def unit(conn: sa.Connection) -> service.Server:
        return service.replace_server(
            conn, box, org_id=project.org_id, project_id=project.id, server_id=server_id, wanted=wanted
        )

    return McpServerOut.of(await database_of(request).write(unit))


@router.delete("/{server_id}", status_code=204)
async def delete_mcp_server(server_id: PathId, project: CurrentProject, request: Request) -> None:
    """Take a server away, with its secrets. Blocks that name it fail from then on."""
    await database_of(request).write(lambda conn: service.delete_server(conn, project.org_id, project.id, server_id))


@router.post("/{server_id}/refresh")
async def refresh_mcp_server(server_id: PathId, project: CurrentProject, request: Request) -> McpRefreshOut:
    """Connect to a server and ask for its tools: the test whether it works. What it answers is remembered."""
    box, started = door_of(request).secret_box, now_ms()

    def unit(conn: sa.Connection) -> McpServer:
        return service.open_server(conn, box, org_id=project.org_id, project_id=project.id, server_id=server_id)

    opened = await database_of(request).read(unit)
    try:
        tools = await _servers(request).refresh(opened, org_id=project.org_id)
    except McpError as error:
        ok, message = False, str(error)
    else:
        ok, message = True, f"It offers {len(tools)} tools."
    shown = await _shown(server_id, project, request)
    return McpRefreshOut(ok=ok, message=message, milliseconds=now_ms() - started, server=shown)


async def _shown(server_id: str, project: Project, request: Request) -> McpServerOut:
    found = await database_of(request).read(
        lambda conn: service.get_server(conn, project.org_id, project.id, server_id)
    )
    return McpServerOut.of(found)


def _servers(request: Request) -> McpServers:
    servers: McpServers = request.app.state.services.mcp
    return servers


def _allowed(body: McpServerIn, request: Request) -> service.Wanted:
    """What is asked for, unless its command is one the operator has not allowed."""
    wanted = body.wanted()
    if wanted.target.command:
        try:
            _servers(request).require_allowed(wanted.target)
        except McpRefused as error:
            raise Invalid(f"command: {error}", details={"field": "command"}) from error
    return wanted

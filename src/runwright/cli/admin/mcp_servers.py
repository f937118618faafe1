"""``runwright admin mcp-servers``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common

if TYPE_CHECKING:
    import sqlalchemy as sa

    from runwright.mcp_servers.service import Server

app = typer.Typer()
ServerArgument = Annotated[str, typer.Argument(help="The server, by id or name.")]


@app.command("list")
def list_(
    project: common.ProjectOption = None,
    org: common.OrgOption = None,
    as_json: common.JsonOption = False,
    data_dir: common.DataDirOption = None,
) -> None:
    """List a project's MCP servers, by name, with the tools they were last seen to have.

    Example: runwright admin mcp-servers list --project Default
    """
    with common.installation(data_dir) as opened:
        from runwright.mcp_servers.service import list_servers

        def work(conn: sa.Connection) -> list[Server]:
            return list_servers(conn, *_place(conn, project, org=org))

        rows = [
            {
                "id": server.id,
                "name": server.name,
                "transport": server.target.transport.value,
                "place": server.target.url or " ".join([str(server.target.command), *server.target.args]),
                "secrets": ", ".join(server.secret_names),
                "tools": None if server.tools is None else len(server.tools),
            }
            for server in opened.database.write_sync(work)
        ]
        common.print_rows(rows, as_json=as_json)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What blocks call it.")],
    url: Annotated[str | None, typer.Option("--url", help="Its address, for streamable HTTP.")] = None,
    command: Annotated[str | None, typer.Option("--command", help="The program to start instead.")] = None,
    arg: Annotated[list[str] | None, typer.Option("--arg", help="An argument of the program; repeatable.")] = None,
    secret: Annotated[
        list[str] | None,
        typer.Option(
            "--secret",
            help="NAME of an environment variable whose value is kept as that variable of the "
            "process, or HEADER=NAME for a header; repeatable.",
        ),
    ] = None,
    project: common.ProjectOption = None,
    org: common.OrgOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Register an MCP server and print its id, alone on standard output. Secrets are read from the environment.

    Example: runwright admin mcp-servers add tracker --url https://mcp.example.com/mcp --secret X-Api-Key=TRACKER_KEY
    """
    if (url is None) == (command is None):
        common.fail("Say where the server is: --url or --command, one of the two", code=common.USAGE)
    secrets = _secrets(secret or [])
    with common.installation(data_dir) as opened:
        from runwright.accounts.secrets import open_secret_box
        from runwright.integrations.mcp.client import McpServers
        from runwright.integrations.mcp.servers import McpRefused, Target, Transport
        from runwright.mcp_servers.service import Wanted, create_server

        transport = Transport.STDIO if url is None else Transport.HTTP
        target = Target(transport, url=url, command=command, args=tuple(arg or ()))
        try:
            McpServers(opened.settings.mcp).require_allowed(target)
        except McpRefused as error:
            common.fail(str(error))
        box = open_secret_box(opened.settings)

        def work(conn: sa.Connection) -> Server:
            org_id, project_id = _place(conn, project, org=org)
            wanted = Wanted(name, target, secrets)
            return create_server(conn, box, org_id=org_id, project_id=project_id, wanted=wanted)

        made = opened.database.write_sync(work)
        common.note(f"MCP server {made.name}:")
        print(made.id)


@app.command("delete")
def delete(
    server: ServerArgument,
    project: common.ProjectOption = None,
    org: common.OrgOption = None,
    yes: common.YesOption = False,
    data_dir: common.DataDirOption = None,
) -> None:
    """Delete an MCP server with its secrets. Blocks that name it fail from then on.

    Example: runwright admin mcp-servers delete tracker --yes
    """
    common.confirm(f"Delete the MCP server {server}?", yes=yes)
    with common.installation(data_dir) as opened:
        from runwright.errors import NotFound
        from runwright.mcp_servers.service import delete_server, list_servers

        def work(conn: sa.Connection) -> str:
            org_id, project_id = _place(conn, project, org=org)
            for found in list_servers(conn, org_id, project_id):
                if server in (found.id, found.name):
                    delete_server(conn, org_id, project_id, found.id)
                    return found.name
            raise NotFound(f"The project has no MCP server {server!r}")

        common.note(f"Deleted {opened.database.write_sync(work)}.")


def _place(conn: sa.Connection, project: str | None, *, org: str | None) -> tuple[str, str]:
    """The organization and the project that are named."""
    from runwright.cli import references

    found = references.project_id(conn, project, org=org)
    return references.org_of_project(conn, found), found


def _secrets(named: list[str]) -> dict[str, str]:
    """The secrets out of the environment: arguments of commands are seen by everybody on the machine."""
    import os

    secrets: dict[str, str] = {}
    for one in named:
        name, _, variable = one.partition("=")
        value = os.environ.get(variable or name)
        if not value:
            common.fail(f"The environment has no variable {variable or name}", code=common.USAGE)
        secrets[name] = value
    return secrets

"""``runwright admin``: organizations, users, members, projects, MCP servers and credit of the installation."""

from __future__ import annotations

import typer

from runwright.cli.admin import credits, mcp_servers, members, orgs, projects, users

app = typer.Typer()
app.add_typer(orgs.app, name="orgs", help="Organizations.", no_args_is_help=True)
app.add_typer(users.app, name="users", help="People, and their sign-in links.", no_args_is_help=True)
app.add_typer(members.app, name="members", help="Who is in an organization, with which role.", no_args_is_help=True)
app.add_typer(projects.app, name="projects", help="Places for workflows.", no_args_is_help=True)
app.add_typer(mcp_servers.app, name="mcp-servers", help="Servers whose tools agents call.", no_args_is_help=True)
app.add_typer(credits.app, name="credits", help="What an organization may spend on models.", no_args_is_help=True)

"""``runwright admin orgs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common

if TYPE_CHECKING:
    import sqlalchemy as sa

    from runwright.accounts.schemas import OrganizationOut

app = typer.Typer()
Org = Annotated[str, typer.Argument(help="The organization, by id or name.")]
Name = Annotated[str, typer.Argument(help="Its name.")]


@app.command("list")
def list_(as_json: common.JsonOption = False, data_dir: common.DataDirOption = None) -> None:
    """List the organizations, newest first.

    Example: runwright admin orgs list
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import repository
        from runwright.accounts.schemas import OrganizationOut
        from runwright.cli import references

        def work(conn: sa.Connection) -> list[OrganizationOut]:
            references.first_start(conn)
            found = common.every(lambda span: repository.list_organizations(conn, span=span))
            return [OrganizationOut.of(organization) for organization in found]

        common.print_models(opened.database.write_sync(work), as_json=as_json)


@app.command("create")
def create(
    name: Name,
    owner: Annotated[
        str | None, typer.Option("--owner", help="Its owner, by id, e-mail or name. Default: the first start's.")
    ] = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Make an organization with a first project, and print its id, alone on standard output.

    Example: runwright admin orgs create Acme --owner ann@example.com
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.cli import references

        made = opened.database.write_sync(
            lambda conn: service.create_organization(conn, name=name, owner_id=references.user_id(conn, owner))
        )
        common.note(f"Organization {made.name}:")
        print(made.id)


@app.command("rename")
def rename(org: Org, name: Name, data_dir: common.DataDirOption = None) -> None:
    """Give an organization another name.

    Example: runwright admin orgs rename Acme "Acme Ltd"
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.cli import references

        renamed = opened.database.write_sync(
            lambda conn: service.rename_organization(conn, references.org_id(conn, org), name=name)
        )
        common.note(f"{renamed.id} is now called {renamed.name}.")


@app.command("delete")
def delete(org: Org, yes: common.YesOption = False, data_dir: common.DataDirOption = None) -> None:
    """Delete an organization with its projects, workflows, executions and keys.

    Example: runwright admin orgs delete Acme --yes
    """
    common.confirm(f"Delete the organization {org} with everything in it?", yes=yes)
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.cli import references

        opened.database.write_sync(lambda conn: service.delete_organization(conn, references.org_id(conn, org)))
        common.note(f"Deleted {org}.")

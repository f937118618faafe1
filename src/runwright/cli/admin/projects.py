"""``runwright admin projects``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common

if TYPE_CHECKING:
    import sqlalchemy as sa

    from runwright.accounts.repository import Project
    from runwright.accounts.schemas import ProjectOut

app = typer.Typer()
ProjectArgument = Annotated[str, typer.Argument(help="The project, by id or name.")]
Name = Annotated[str, typer.Argument(help="Its name.")]
Model = Annotated[
    str | None,
    typer.Option("--model", help="Model of agent blocks that name none, as vendor:name.", show_default=False),
]


@app.command("list")
def list_(
    org: common.OrgOption = None, as_json: common.JsonOption = False, data_dir: common.DataDirOption = None
) -> None:
    """List an organization's projects, oldest first.

    Example: runwright admin projects list --org Acme
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import repository
        from runwright.accounts.schemas import ProjectOut
        from runwright.cli import references

        def work(conn: sa.Connection) -> list[ProjectOut]:
            org_id = references.org_id(conn, org)
            found = common.every(lambda span: repository.list_projects(conn, org_id, span=span))
            return [ProjectOut.of(project) for project in found]

        common.print_models(opened.database.write_sync(work), as_json=as_json)


@app.command("create")
def create(
    name: Name, org: common.OrgOption = None, model: Model = None, data_dir: common.DataDirOption = None
) -> None:
    """Make a project and print its id, alone on standard output.

    Example: runwright admin projects create "Release notes" --org Acme
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.cli import references

        made = opened.database.write_sync(
            lambda conn: service.create_project(
                conn, org_id=references.org_id(conn, org), name=name, default_model=model
            )
        )
        common.note(f"Project {made.name}:")
        print(made.id)


@app.command("change")
def change(
    project: ProjectArgument,
    name: Annotated[str | None, typer.Option("--name", help="The new name.")] = None,
    model: Model = None,
    org: common.OrgOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Change a project's name or default model; an empty model takes it away.

    Example: runwright admin projects change Default --model openai:gpt-5-mini
    """
    if name is None and model is None:
        common.fail("Say what to change: --name, --model or both", code=common.USAGE)
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.cli import references

        def work(conn: sa.Connection) -> Project:
            found = references.project_id(conn, project, org=org)
            org_id = references.org_of_project(conn, found)
            return service.update_project(conn, org_id=org_id, project_id=found, name=name, default_model=model)

        changed = opened.database.write_sync(work)
        common.note(f"{changed.id}: {changed.name}, default model {changed.default_model or 'none'}.")


@app.command("rename")
def rename(
    project: ProjectArgument, name: Name, org: common.OrgOption = None, data_dir: common.DataDirOption = None
) -> None:
    """Give a project another name.

    Example: runwright admin projects rename Default "Release notes"
    """
    change(project, name=name, model=None, org=org, data_dir=data_dir)


@app.command("delete")
def delete(
    project: ProjectArgument,
    org: common.OrgOption = None,
    yes: common.YesOption = False,
    data_dir: common.DataDirOption = None,
) -> None:
    """Delete a project. Its workflows remain, and answer `Project not found` until they get another one.

    Example: runwright admin projects delete "Release notes" --yes
    """
    common.confirm(f"Delete the project {project}?", yes=yes)
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.cli import references

        def work(conn: sa.Connection) -> str:
            found = references.project_id(conn, project, org=org)
            service.delete_project(conn, org_id=references.org_of_project(conn, found), project_id=found)
            return found

        common.note(f"Deleted {opened.database.write_sync(work)}.")

"""``runwright workflows``: import, export, list, check and move workflow files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common, workflow_tests
from runwright.cli.workflow_files import FileArgument, is_valid, read

if TYPE_CHECKING:
    import sqlalchemy as sa

    from runwright.workflows.service import Owner, Summary

app = typer.Typer()
app.command("test")(workflow_tests.run_tests)
app.command("record")(workflow_tests.record)
app.command("compare")(workflow_tests.compare)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The workflow's id.")]


@app.command("import")
def import_(
    file: FileArgument,
    workflow_id: Annotated[
        str | None, typer.Option("--id", help="Make a new version of this workflow instead of a new workflow.")
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Save it without publishing it.")] = False,
    org: common.OrgOption = None,
    project: common.ProjectOption = None,
    no_project: Annotated[
        bool, typer.Option("--no-project", help="Link it to no project, so that it cannot be triggered.")
    ] = False,
    user: common.UserOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Create a workflow of a file, publish it, and print its id, alone on standard output.

    Mistakes in the file are printed as FILE:LINE:COLUMN: message, with exit code 2.

    Example: runwright workflows import examples/release-notes.yaml
    """
    if project is not None and no_project:
        common.fail("--project and --no-project exclude each other", code=common.USAGE)
    if workflow_id is not None and (project is not None or no_project):
        common.fail("--id keeps the workflow's project; move it with: runwright workflows move", code=common.USAGE)
    prepared = read(file)
    with common.installation(data_dir) as opened:
        from runwright.cli import references
        from runwright.workflows import service

        def work(conn: sa.Connection) -> str:
            if workflow_id is not None:
                owner = _owner(conn, org=references.org_of_workflow(conn, workflow_id, org=org), user=user)
                return service.save_version(conn, owner, workflow_id, prepared, publish=not draft).id
            project_id = None if no_project else references.project_id(conn, project, org=org)
            org_id = references.org_of_project(conn, project_id) if project_id else references.org_id(conn, org)
            owner = _owner(conn, org=org_id, user=user)
            return service.create(conn, owner, prepared, project_id=project_id, publish=not draft).id

        print(opened.database.write_sync(work))


@app.command("export")
def export(
    workflow_id: IdArgument,
    version: Annotated[
        int | None,
        typer.Option("--version", min=1, max=2**31 - 1, help="Number of a version. Default: the published one."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    org: common.OrgOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Print a workflow's file, with the trigger settings of now.

    Example: runwright workflows export ID -o release-notes.yaml
    """
    with common.installation(data_dir) as opened:
        from runwright.cli import references
        from runwright.workflows import service

        def work(conn: sa.Connection) -> str:
            owner = references.org_of_workflow(conn, workflow_id, org=org)
            return service.exported(conn, owner, workflow_id, version)

        text = opened.database.write_sync(work).encode()
        if output is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(text)
        else:
            output.write_bytes(text)


@app.command("list")
def list_(
    org: common.OrgOption = None,
    project: Annotated[str | None, typer.Option("--project", help="Only those of this project, by id or name.")] = None,
    search: Annotated[str | None, typer.Option("--search", help="Part of the name or description.")] = None,
    archived: Annotated[bool, typer.Option("--archived", help="Those that were put away.")] = False,
    as_json: common.JsonOption = False,
    data_dir: common.DataDirOption = None,
) -> None:
    """List an organization's workflows, newest first.

    Example: runwright workflows list --json
    """
    with common.installation(data_dir) as opened:
        from runwright.cli import references
        from runwright.workflows import service
        from runwright.workflows.schemas import WorkflowSummaryOut

        def work(conn: sa.Connection) -> list[Summary]:
            org_id = references.org_id(conn, org)
            project_id = references.project_id(conn, project, org=org) if project else None
            wanted = service.Filter(project_id=project_id, search=search, archived=archived)
            return list(
                common.every(lambda span: service.list_page(conn, org_id, wanted, limit=span.limit, after=span.after))
            )

        found = opened.database.write_sync(work)
        if as_json:
            common.print_models([WorkflowSummaryOut.of_summary(summary) for summary in found], as_json=True)
        else:
            common.print_rows([_row(summary) for summary in found])


@app.command("validate")
def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.yaml", help="Workflow files; - reads standard input.")],
) -> None:
    """Check workflow files; nothing is saved, no installation is needed.

    Mistakes are printed as FILE:LINE:COLUMN: message, with exit code 2.

    Example: runwright workflows validate examples/*.yaml
    """
    wrong = [file for file in files if not is_valid(file)]
    if wrong:
        raise typer.Exit(common.USAGE)
    common.note(f"{len(files)} valid." if len(files) > 1 else "Valid.")


@app.command("move")
def move(
    workflow_id: IdArgument,
    project: Annotated[str | None, typer.Option("--project", help="The project to move to, by id or name.")] = None,
    no_project: Annotated[bool, typer.Option("--no-project", help="Take it out of its project.")] = False,
    org: common.OrgOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Move a workflow to another project, or out of any: it cannot be triggered then.

    Example: runwright workflows move ID --project Releases
    """
    if (project is None) != no_project:
        common.fail("Say either --project or --no-project", code=common.USAGE)
    with common.installation(data_dir) as opened:
        from runwright.cli import references
        from runwright.workflows import service

        def work(conn: sa.Connection) -> None:
            owner = references.org_of_workflow(conn, workflow_id, org=org)
            target = None if no_project else references.project_id(conn, project, org=owner)
            service.set_project(conn, owner, workflow_id, target)

        opened.database.write_sync(work)
        common.note("Moved.")


def _owner(conn: sa.Connection, *, org: str, user: str | None) -> Owner:
    from runwright.cli import references
    from runwright.workflows.service import Owner

    return Owner(org_id=org, user_id=references.user_id(conn, user, in_org=org))


def _row(summary: Summary) -> dict[str, object]:
    from runwright.kit.clock import iso

    workflow = summary.workflow
    return {
        "id": workflow.id,
        "name": workflow.name,
        "version": workflow.published_number,
        "api": workflow.api.enabled,
        "runs": summary.runs.count,
        "last_status": summary.runs.last_status,
        "last_at": iso(summary.runs.last_at),
    }

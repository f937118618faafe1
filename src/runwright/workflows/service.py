"""What can be done with workflows: save, publish, restore, set up, list, delete.

A version never changes; saving makes another one. Which version runs is the published one. Functions take the
connection of the caller's unit of work; files are read before it, by ``prepare``, since that takes a while.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

import sqlalchemy as sa

from runwright.errors import Conflict, Invalid, NotFound
from runwright.kit.clock import Millis, iso, now_ms
from runwright.kit.ids import new_uuid
from runwright.kit.pages import Page
from runwright.workflows import repository
from runwright.workflows.cache import load_definition
from runwright.workflows.definition import ApiTrigger, WorkflowDefinition, WorkflowFileError
from runwright.workflows.export import export, renamed
from runwright.workflows.parser import Prepared, prepare
from runwright.workflows.repository import Filter, Runs, Summary, Version, Workflow

__all__ = ["Filter", "Prepared", "Runs", "Summary", "Version", "Workflow", "load_definition", "prepare"]


@dataclass(frozen=True, slots=True)
class Owner:
    """On whose behalf something is done: the organization, and the person if there is one."""

    org_id: str
    user_id: str | None = None


def create(
    conn: sa.Connection, owner: Owner, prepared: Prepared, *, project_id: str | None, publish: bool = True
) -> Workflow:
    """Make a workflow of a file; the file's ``triggers`` section sets its trigger settings.

    Raises:
        NotFound: the organization has no such project.
    """
    _require_project(conn, owner.org_id, project_id)
    now = now_ms()
    workflow_id = new_uuid()
    definition = prepared.definition
    version = _new_version(workflow_id, owner, number=1, now=now, published=publish)
    workflow = Workflow(
        id=workflow_id,
        org_id=owner.org_id,
        project_id=project_id,
        name=definition.name,
        description=definition.description,
        category=definition.category,
        api=definition.api or ApiTrigger(),
        published_number=1 if publish else None,
        latest_number=1,
        archived_at=None,
        created_at=now,
        updated_at=now,
    )
    repository.insert(conn, workflow, version_id=version.id)
    repository.insert_version(conn, owner.org_id, version, source=prepared.source)
    return workflow


def save_version(
    conn: sa.Connection,
    owner: Owner,
    workflow_id: str,
    prepared: Prepared,
    *,
    publish: bool = False,
    expected_version: int | None = None,
) -> Workflow:
    """Save a file as the workflow's next version; published, its ``triggers`` section, if any, takes effect.

    Raises:
        NotFound: the organization has no such workflow.
        Conflict: ``expected_version``, the number the change is based on, is not the latest any more.
    """
    workflow = _locked(conn, owner.org_id, workflow_id)
    if expected_version is not None and expected_version != workflow.latest_number:
        raise _newer_version(conn, workflow, expected_version)
    now = now_ms()
    version = _new_version(workflow_id, owner, number=workflow.latest_number + 1, now=now, published=publish)
    repository.insert_version(conn, owner.org_id, version, source=prepared.source)
    values: dict[str, object] = {"latest_version_id": version.id}
    if publish:
        values |= {"published_version_id": version.id} | _trigger_values(prepared.definition.api)
    if publish or workflow.published_number is None:
        values |= _shown_values(prepared.definition)
    repository.update(conn, owner.org_id, workflow_id, now=now, **values)
    return get(conn, owner.org_id, workflow_id)


def publish(conn: sa.Connection, org_id: str, workflow_id: str, number: int) -> Workflow:
    """Make a version, older ones too, the one that runs. The trigger settings stay as they are.

    Raises:
        NotFound: there is no such workflow or version.
        Invalid: the version is no valid workflow for this Runwright any more.
    """
    _locked(conn, org_id, workflow_id)
    version = get_version(conn, org_id, workflow_id, number)
    definition = definition_of(conn, version)
    now = now_ms()
    repository.mark_published(conn, org_id, version.id, now=now)
    values = {"published_version_id": version.id} | _shown_values(definition)
    repository.update(conn, org_id, workflow_id, now=now, **values)
    return get(conn, org_id, workflow_id)


def restore(conn: sa.Connection, owner: Owner, workflow_id: str, number: int, *, publish: bool = False) -> Workflow:
    """Make the text of an older version the newest version. The trigger settings stay as they are.

    Raises:
        NotFound: there is no such workflow or version.
        Invalid: the version is no valid workflow for this Runwright any more.
    """
    old = get_version(conn, owner.org_id, workflow_id, number)
    definition = replace(definition_of(conn, old), api=None)
    prepared = Prepared(repository.source_of(conn, owner.org_id, old.id), definition)
    return save_version(conn, owner, workflow_id, prepared, publish=publish)


def get(conn: sa.Connection, org_id: str, workflow_id: str) -> Workflow:
    """One workflow.

    Raises:
        NotFound: the organization has no such workflow.
    """
    found = repository.find(conn, org_id, workflow_id)
    if found is None:
        raise NotFound("Workflow not found")
    return found


def get_summary(conn: sa.Connection, org_id: str, workflow_id: str) -> Summary:
    """One workflow with its runs.

    Raises:
        NotFound: the organization has no such workflow.
    """
    return Summary(get(conn, org_id, workflow_id), repository.runs_of(conn, org_id, workflow_id))


def get_version(conn: sa.Connection, org_id: str, workflow_id: str, number: int) -> Version:
    """One version.

    Raises:
        NotFound: the organization has no such workflow, or this has no such version.
    """
    found = repository.find_version(conn, org_id, workflow_id, number)
    if found is None:
        get(conn, org_id, workflow_id)
        raise NotFound(f"The workflow has no version {number}")
    return found


def source_of(conn: sa.Connection, org_id: str, workflow_id: str, number: int) -> str:
    """The text of a version, as it was saved.

    Raises:
        NotFound: there is no such workflow or version.
    """
    return repository.source_of(conn, org_id, get_version(conn, org_id, workflow_id, number).id)


def definition_of(conn: sa.Connection, version: Version) -> WorkflowDefinition:
    """The parsed workflow of a version.

    Raises:
        Invalid: it is no valid workflow for this Runwright any more.
    """
    try:
        return load_definition(conn, version.id)
    except WorkflowFileError as error:
        message = f"Version {version.number} was saved by another Runwright and is not valid here: {error}"
        raise Invalid(message) from error


def exported(conn: sa.Connection, org_id: str, workflow_id: str, number: int | None = None) -> str:
    """The file of a version (the published one, or the latest) with the present trigger settings.

    Raises:
        NotFound: there is no such workflow or version.
    """
    workflow = get(conn, org_id, workflow_id)
    source = source_of(conn, org_id, workflow_id, number or workflow.shown_number)
    return export(source, workflow.api)


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two versions, as a unified diff; the text is empty when nothing did."""

    old: int
    new: int
    text: str


def diff(
    conn: sa.Connection, org_id: str, workflow_id: str, *, old: int | None = None, new: int | None = None
) -> Difference:
    """Compare two versions: where none is named, the published one with the latest.

    Raises:
        NotFound: there is no such workflow or version.
    """
    workflow = get(conn, org_id, workflow_id)
    old, new = old or workflow.shown_number, new or workflow.latest_number
    before = source_of(conn, org_id, workflow_id, old).splitlines(keepends=True)
    after = source_of(conn, org_id, workflow_id, new).splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, fromfile=f"version {old}", tofile=f"version {new}")
    ended = (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    return Difference(old=old, new=new, text="".join(ended))


def duplicate(conn: sa.Connection, owner: Owner, workflow_id: str, *, name: str | None = None) -> Workflow:
    """A copy of the version that counts, unpublished and not open to API triggers.

    Raises:
        NotFound: the organization has no such workflow.
        Invalid: the name, or the version to copy, is not valid.
    """
    workflow = get(conn, owner.org_id, workflow_id)
    source = source_of(conn, owner.org_id, workflow_id, workflow.shown_number)
    text = renamed(export(source, ApiTrigger()), name or f"Copy of {workflow.name}"[:200])
    project_id = workflow.project_id
    if project_id is not None and not repository.has_project(conn, owner.org_id, project_id):
        project_id = None
    return create(conn, owner, _prepared_copy(text), project_id=project_id, publish=False)


def _prepared_copy(text: str) -> Prepared:
    try:
        return prepare(text)
    except WorkflowFileError as error:
        raise Invalid(f"The copy would be no valid workflow: {error}") from error


def set_archived(conn: sa.Connection, org_id: str, workflow_id: str, *, archived: bool) -> Workflow:
    """Put a workflow away, or take it out again; one that is put away is not triggered, and keeps its history.

    Raises:
        NotFound: the organization has no such workflow.
    """
    workflow = _locked(conn, org_id, workflow_id)
    if archived != (workflow.archived_at is not None):
        now = now_ms()
        repository.update(conn, org_id, workflow_id, now=now, archived_at=now if archived else None)
    return get(conn, org_id, workflow_id)


def set_api_trigger(conn: sa.Connection, org_id: str, workflow_id: str, api: ApiTrigger) -> Workflow:
    """Set the API trigger, at once and for every version.

    Raises:
        NotFound: the organization has no such workflow.
    """
    _locked(conn, org_id, workflow_id)
    repository.update(conn, org_id, workflow_id, now=now_ms(), **_trigger_values(api))
    return get(conn, org_id, workflow_id)


def set_project(conn: sa.Connection, org_id: str, workflow_id: str, project_id: str | None) -> Workflow:
    """Move a workflow to a project, or with None out of any.

    Raises:
        NotFound: the organization has no such workflow or project.
    """
    _locked(conn, org_id, workflow_id)
    _require_project(conn, org_id, project_id)
    repository.update(conn, org_id, workflow_id, now=now_ms(), project_id=project_id)
    return get(conn, org_id, workflow_id)


def delete(conn: sa.Connection, org_id: str, workflow_id: str, *, with_executions: bool = False) -> None:
    """Delete a workflow and its versions, and if asked the record of its executions.

    Raises:
        NotFound: the organization has no such workflow.
        Conflict: it has executions that would be lost, or are not finished.
    """
    _locked(conn, org_id, workflow_id)
    total, unfinished = repository.count_executions(conn, org_id, workflow_id)
    if unfinished:
        raise Conflict(f"{unfinished} executions of the workflow are not finished; cancel them or wait, then delete it")
    if total and not with_executions:
        message = f"The record of {total} executions would be lost; archive the workflow, or delete it with executions"
        raise Conflict(message, details={"executions": total})
    repository.delete(conn, org_id, workflow_id)


def list_page(
    conn: sa.Connection, org_id: str, wanted: Filter, *, limit: int, after: str | None = None
) -> Page[Summary]:
    """Workflows with their runs, newest first."""
    return repository.list_page(conn, org_id, wanted, limit=limit, after=after)


def list_versions(
    conn: sa.Connection, org_id: str, workflow_id: str, *, limit: int, before: int | None = None
) -> Page[Version]:
    """Versions, newest first.

    Raises:
        NotFound: the organization has no such workflow.
    """
    get(conn, org_id, workflow_id)
    return repository.list_versions(conn, org_id, workflow_id, limit=limit, before=before)


def _locked(conn: sa.Connection, org_id: str, workflow_id: str) -> Workflow:
    repository.lock(conn, org_id, workflow_id)
    return get(conn, org_id, workflow_id)


def _require_project(conn: sa.Connection, org_id: str, project_id: str | None) -> None:
    if project_id is not None and not repository.has_project(conn, org_id, project_id):
        raise NotFound("Project not found")


def _new_version(workflow_id: str, owner: Owner, *, number: int, now: Millis, published: bool) -> Version:
    return Version(
        id=new_uuid(),
        workflow_id=workflow_id,
        number=number,
        created_by=owner.user_id,
        created_by_name=None,
        created_at=now,
        published_at=now if published else None,
    )


def _newer_version(conn: sa.Connection, workflow: Workflow, expected: int) -> Conflict:
    newer = repository.find_version(conn, workflow.org_id, workflow.id, workflow.latest_number)
    assert newer is not None
    who = newer.created_by_name or "somebody"
    when = iso(newer.created_at)
    message = (
        f"Version {newer.number} was saved by {who} at {when}, this change is based on version {expected}; "
        "compare the two and save again"
    )
    details = {"latestVersion": newer.number, "savedBy": newer.created_by_name, "savedAt": when}
    return Conflict(message, details=details)


def _shown_values(definition: WorkflowDefinition) -> dict[str, object]:
    return {
        "name": definition.name,
        "description": definition.description,
        "category": definition.category,
    }


def _trigger_values(api: ApiTrigger | None) -> dict[str, object]:
    return {} if api is None else {"api_enabled": api.enabled, "api_concurrency": api.concurrency.value}

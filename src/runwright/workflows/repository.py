"""Workflows and their versions in the database; every statement is bound to one organization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from runwright.accounts.models import projects, users
from runwright.executions.models import executions
from runwright.kit import pages
from runwright.kit.clock import Millis
from runwright.kit.pages import Page
from runwright.workflows.definition import ApiTrigger, Concurrency
from runwright.workflows.models import workflow_versions, workflows


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as it stands: the numbers are those of its versions, None while none is published."""

    id: str
    org_id: str
    project_id: str | None
    name: str
    description: str
    category: str
    api: ApiTrigger
    published_number: int | None
    latest_number: int
    archived_at: Millis | None
    created_at: Millis
    updated_at: Millis

    @property
    def shown_number(self) -> int:
        """The version that counts: the published one, or while there is none the latest."""
        return self.published_number or self.latest_number


@dataclass(frozen=True, slots=True)
class Runs:
    """How often a workflow ran, and how its last execution stands."""

    count: int
    last_execution_id: str | None = None
    last_status: str | None = None
    last_at: Millis | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A workflow in a list."""

    workflow: Workflow
    runs: Runs


@dataclass(frozen=True, slots=True)
class Version:
    """A version without its text. ``created_by`` and the name are None when the user is gone or was none."""

    id: str
    workflow_id: str
    number: int
    created_by: str | None
    created_by_name: str | None
    created_at: Millis
    published_at: Millis | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which workflows of an organization are wanted; ``search`` looks in name and description."""

    project_id: str | None = None
    category: str | None = None
    search: str | None = None
    archived: bool = False


_published: Final = workflow_versions.alias("published")
_latest: Final = workflow_versions.alias("latest")


def _workflows(table: Any) -> sa.Select[Any]:
    """Workflows of a table or subquery with the numbers of their versions."""
    columns = [table.c[column.name] for column in workflows.c]
    numbers = (_published.c.number.label("published_number"), _latest.c.number.label("latest_number"))
    return sa.select(*columns, *numbers).select_from(
        table.outerjoin(_published, _published.c.id == table.c.published_version_id).join(
            _latest, _latest.c.id == table.c.latest_version_id
        )
    )


_ONE: Final = _workflows(workflows).where(
    workflows.c.org_id == sa.bindparam("org"), workflows.c.id == sa.bindparam("workflow")
)
_VERSION: Final = sa.select(
    workflow_versions.c.id,
    workflow_versions.c.workflow_id,
    workflow_versions.c.number,
    workflow_versions.c.created_by,
    users.c.name,
    workflow_versions.c.created_at,
    workflow_versions.c.published_at,
).select_from(workflow_versions.outerjoin(users, users.c.id == workflow_versions.c.created_by))


def _workflow(row: Any) -> Workflow:
    return Workflow(
        id=row.id,
        org_id=row.org_id,
        project_id=row.project_id,
        name=row.name,
        description=row.description,
        category=row.category,
        api=ApiTrigger(enabled=bool(row.api_enabled), concurrency=Concurrency(row.api_concurrency)),
        published_number=row.published_number,
        latest_number=row.latest_number,
        archived_at=row.archived_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def find(conn: sa.Connection, org_id: str, workflow_id: str) -> Workflow | None:
    """One workflow of an organization."""
    row = conn.execute(_ONE, {"org": org_id, "workflow": workflow_id}).first()
    return None if row is None else _workflow(row)


def lock(conn: sa.Connection, org_id: str, workflow_id: str) -> bool:
    """Hold the workflow's row until the unit ends, so that changes of it come one after the other."""
    statement = sa.select(workflows.c.id).where(workflows.c.org_id == org_id, workflows.c.id == workflow_id)
    return conn.execute(statement.with_for_update()).first() is not None


def runs_of(conn: sa.Connection, org_id: str, workflow_id: str) -> Runs:
    """How often one workflow ran."""
    of_one = workflows.select().where(workflows.c.org_id == org_id, workflows.c.id == workflow_id)
    row = conn.execute(_with_runs(of_one.subquery("page"))).first()
    return Runs(count=0) if row is None else _runs(row)


def list_page(
    conn: sa.Connection, org_id: str, wanted: Filter, *, limit: int, after: str | None = None
) -> Page[Summary]:
    """Workflows with their runs, newest first, in one statement."""
    page = workflows.select().where(*_conditions(org_id, wanted))
    if after is not None:
        page = page.where(workflows.c.id < after)
    page = page.order_by(workflows.c.id.desc()).limit(limit + 1)
    statement = _with_runs(page.subquery("page"))
    found = [Summary(_workflow(row), _runs(row)) for row in conn.execute(statement)]
    return pages.cut(found, limit=limit, cursor_of=lambda summary: summary.workflow.id)


def _conditions(org_id: str, wanted: Filter) -> list[sa.ColumnElement[bool]]:
    archived = workflows.c.archived_at
    found = [workflows.c.org_id == org_id, archived.is_not(None) if wanted.archived else archived.is_(None)]
    if wanted.project_id is not None:
        found.append(workflows.c.project_id == wanted.project_id)
    if wanted.category is not None:
        found.append(workflows.c.category == wanted.category)
    if wanted.search:
        in_name = workflows.c.name.icontains(wanted.search, autoescape=True)
        found.append(in_name | workflows.c.description.icontains(wanted.search, autoescape=True))
    return found


def _with_runs(page: sa.Subquery) -> sa.Select[Any]:
    """The page's workflows with count and last execution; only its rows look into the executions, by their index."""
    its_own = executions.c.workflow_id == page.c.id
    count = sa.select(sa.func.count()).select_from(executions).where(its_own).scalar_subquery()
    last_id = sa.select(sa.func.max(executions.c.id)).where(its_own).scalar_subquery()
    last = executions.alias("last")
    statement = _workflows(page).outerjoin(last, last.c.id == last_id)
    return statement.add_columns(
        count.label("runs"),
        last.c.id.label("last_id"),
        last.c.status.label("last_status"),
        last.c.created_at.label("last_at"),
    ).order_by(page.c.id.desc())


def _runs(row: Any) -> Runs:
    return Runs(count=row.runs, last_execution_id=row.last_id, last_status=row.last_status, last_at=row.last_at)


def insert(conn: sa.Connection, workflow: Workflow, *, version_id: str) -> None:
    """Add a workflow whose first version is the latest, and the published one if it has a published number."""
    conn.execute(
        workflows.insert(),
        {
            "id": workflow.id,
            "org_id": workflow.org_id,
            "project_id": workflow.project_id,
            "name": workflow.name,
            "description": workflow.description,
            "category": workflow.category,
            "api_enabled": workflow.api.enabled,
            "api_concurrency": workflow.api.concurrency.value,
            "latest_version_id": version_id,
            "published_version_id": version_id if workflow.published_number else None,
            "created_at": workflow.created_at,
            "updated_at": workflow.updated_at,
        },
    )


def update(conn: sa.Connection, org_id: str, workflow_id: str, *, now: Millis, **values: Any) -> None:
    """Set columns of a workflow."""
    statement = workflows.update().where(workflows.c.org_id == org_id, workflows.c.id == workflow_id)
    conn.execute(statement.values(updated_at=now, **values))


def insert_version(conn: sa.Connection, org_id: str, version: Version, *, source: str) -> None:
    """Add a version."""
    conn.execute(
        workflow_versions.insert(),
        {
            "id": version.id,
            "workflow_id": version.workflow_id,
            "org_id": org_id,
            "number": version.number,
            "source": source,
            "created_by": version.created_by,
            "created_at": version.created_at,
            "published_at": version.published_at,
        },
    )


def mark_published(conn: sa.Connection, org_id: str, version_id: str, *, now: Millis) -> None:
    """Note when a version was published, the last time."""
    statement = workflow_versions.update().where(
        workflow_versions.c.org_id == org_id, workflow_versions.c.id == version_id
    )
    conn.execute(statement.values(published_at=now))


def find_version(conn: sa.Connection, org_id: str, workflow_id: str, number: int) -> Version | None:
    """One version by its number."""
    row = conn.execute(_VERSION.where(*_of_workflow(org_id, workflow_id), workflow_versions.c.number == number)).first()
    return None if row is None else Version(*row)


def list_versions(
    conn: sa.Connection, org_id: str, workflow_id: str, *, limit: int, before: int | None = None
) -> Page[Version]:
    """Versions of a workflow, newest first."""
    statement = _VERSION.where(*_of_workflow(org_id, workflow_id))
    if before is not None:
        statement = statement.where(workflow_versions.c.number < before)
    rows = conn.execute(statement.order_by(workflow_versions.c.number.desc()).limit(limit + 1))
    return pages.cut([Version(*row) for row in rows], limit=limit, cursor_of=lambda version: str(version.number))


def source_of(conn: sa.Connection, org_id: str, version_id: str) -> str:
    """The text of a version that exists."""
    source: str = conn.execute(
        sa.select(workflow_versions.c.source).where(
            workflow_versions.c.org_id == org_id, workflow_versions.c.id == version_id
        )
    ).scalar_one()
    return source


def _of_workflow(org_id: str, workflow_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return workflow_versions.c.org_id == org_id, workflow_versions.c.workflow_id == workflow_id


def has_project(conn: sa.Connection, org_id: str, project_id: str) -> bool:
    """Whether the organization has this project."""
    statement = sa.select(projects.c.id).where(projects.c.org_id == org_id, projects.c.id == project_id)
    return conn.execute(statement).first() is not None


def count_executions(conn: sa.Connection, org_id: str, workflow_id: str) -> tuple[int, int]:
    """How many executions a workflow has, and how many of these are not finished."""
    statement = sa.select(sa.func.count(), sa.func.count().filter(executions.c.finished_at.is_(None))).where(
        executions.c.org_id == org_id, executions.c.workflow_id == workflow_id
    )
    row = conn.execute(statement).one()
    return row[0], row[1]


def delete(conn: sa.Connection, org_id: str, workflow_id: str) -> None:
    """Delete a workflow, its versions and its executions with all that is kept of them, but what was paid."""
    # The whole catalogue, so that a table added later is not forgotten here.
    from runwright.db.tables import metadata

    own = sa.select(executions.c.id).where(executions.c.org_id == org_id, executions.c.workflow_id == workflow_id)
    for table in reversed(metadata.sorted_tables):
        if "execution_id" in table.c and table.name != "usage_entries":
            conn.execute(table.delete().where(table.c.execution_id.in_(own)))
    conn.execute(executions.delete().where(executions.c.org_id == org_id, executions.c.workflow_id == workflow_id))
    conn.execute(workflows.delete().where(workflows.c.org_id == org_id, workflows.c.id == workflow_id))


def categories(conn: sa.Connection, org_id: str) -> Sequence[str]:
    """The categories in use, in alphabetical order."""
    statement = sa.select(workflows.c.category).where(workflows.c.org_id == org_id, workflows.c.category != "")
    return conn.execute(statement.distinct().order_by(workflows.c.category)).scalars().all()

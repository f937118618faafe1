"""What happens to workflows and their versions, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from runwright.accounts.models import usage_entries, users
from runwright.db.database import Database
from runwright.errors import Conflict, Invalid, NotFound
from runwright.executions.models import block_runs, executions
from runwright.kit.clock import now_ms
from runwright.workflows import service
from runwright.workflows.definition import ApiTrigger, Concurrency
from runwright.workflows.models import workflow_versions
from runwright.workflows.parser import Prepared, prepare
from runwright.workflows.service import Filter, Owner, Workflow
from tests.support import Tenant, add_tenant, start

ENABLED = ApiTrigger(enabled=True, concurrency=Concurrency.CANCEL_PREVIOUS)


def file(name: str = "Hello", *, triggers: str = "") -> Prepared:
    return prepare(f"version: 1\nname: {name}\nblocks:\n  a: {{type: template, text: {name}}}\n{triggers}")


@pytest.fixture
def owner(tenant: Tenant) -> Owner:
    return Owner(tenant.org_id, tenant.user_id)


@pytest.fixture
def make(database: Database, owner: Owner, tenant: Tenant) -> Callable[..., Workflow]:
    def create(prepared: Prepared | None = None, *, publish: bool = True) -> Workflow:
        return database.write_sync(
            lambda conn: service.create(conn, owner, prepared or file(), project_id=tenant.project_id, publish=publish)
        )

    return create


Make = Callable[..., Workflow]


def save(database: Database, owner: Owner, workflow: Workflow, prepared: Prepared, **options: object) -> Workflow:
    return database.write_sync(
        lambda conn: service.save_version(conn, owner, workflow.id, prepared, **options)  # type: ignore[arg-type]
    )


def test_a_new_workflow_is_published_with_the_settings_of_its_file(database: Database, make: Make) -> None:
    made = make(file(triggers="triggers: {api: {enabled: true, concurrency: cancel_previous}}"))
    found = database.read_sync(lambda conn: service.get(conn, made.org_id, made.id))
    assert found == made
    assert (found.name, found.published_number, found.latest_number, found.api) == ("Hello", 1, 1, ENABLED)


def test_a_draft_is_shown_and_not_published(make: Make) -> None:
    made = make(publish=False)
    assert (made.published_number, made.shown_number, made.api) == (None, 1, ApiTrigger())


def test_a_saved_version_leaves_the_published_one(database: Database, owner: Owner, make: Make) -> None:
    made = make()
    triggers = "triggers: {api: {enabled: true, concurrency: cancel_previous}}"
    saved = save(database, owner, made, file("Second", triggers=triggers))
    assert (saved.name, saved.published_number, saved.latest_number, saved.api) == ("Hello", 1, 2, ApiTrigger())
    published = database.write_sync(lambda conn: service.publish(conn, owner.org_id, made.id, 2))
    assert (published.name, published.published_number, published.api) == ("Second", 2, ApiTrigger())


def test_save_and_publish_takes_over_the_settings(database: Database, owner: Owner, make: Make) -> None:
    triggers = "triggers: {api: {enabled: true, concurrency: cancel_previous}}"
    saved = save(database, owner, make(), file(triggers=triggers), publish=True)
    assert (saved.published_number, saved.api) == (2, ENABLED)
    assert save(database, owner, saved, file("Third"), publish=True).api == ENABLED


def test_a_version_never_changes(database: Database, owner: Owner, make: Make) -> None:
    made = make()
    save(database, owner, made, file("Second"), publish=True)
    source = database.read_sync(lambda conn: service.source_of(conn, owner.org_id, made.id, 1))
    assert source == file().source


def test_a_change_based_on_an_old_version_is_told_who_was_first(database: Database, owner: Owner, make: Make) -> None:
    made = make()
    save(database, owner, made, file("Theirs"), expected_version=1)
    with pytest.raises(Conflict, match="Version 2 was saved by User of Acme at 2") as caught:
        save(database, owner, made, file("Mine"), expected_version=1)
    assert caught.value.details is not None
    assert caught.value.details["latestVersion"] == 2


def test_versions_tell_who_saved_them(database: Database, owner: Owner, make: Make) -> None:
    made = make()
    save(database, owner, made, file("Second"))
    page = database.read_sync(lambda conn: service.list_versions(conn, owner.org_id, made.id, limit=1))
    assert [(v.number, v.created_by_name, v.published_at) for v in page.items] == [(2, "User of Acme", None)]
    rest = database.read_sync(lambda conn: service.list_versions(conn, owner.org_id, made.id, limit=5, before=2))
    assert ([v.number for v in rest.items], rest.next_cursor) == ([1], None)
    database.write_sync(lambda conn: conn.execute(users.delete()) and None)
    gone = database.read_sync(lambda conn: service.get_version(conn, owner.org_id, made.id, 1))
    assert (gone.created_by_name, gone.published_at is not None) == (None, True)


def test_an_older_version_is_restored_as_a_new_one(database: Database, owner: Owner, make: Make) -> None:
    made = make(file(triggers="triggers: {api: {enabled: true}}"))
    save(database, owner, made, file("Second"), publish=True)
    database.write_sync(lambda conn: service.set_api_trigger(conn, owner.org_id, made.id, ApiTrigger()))
    restored = database.write_sync(lambda conn: service.restore(conn, owner, made.id, 1, publish=True))
    assert (restored.name, restored.published_number, restored.api) == ("Hello", 3, ApiTrigger())


def test_the_difference_between_versions(database: Database, owner: Owner, make: Make) -> None:
    made = make()
    save(database, owner, made, file("Second"))
    found = database.read_sync(lambda conn: service.diff(conn, owner.org_id, made.id))
    assert (found.old, found.new) == (1, 2)
    assert "-name: Hello\n+name: Second\n" in found.text
    assert database.read_sync(lambda conn: service.diff(conn, owner.org_id, made.id, old=1, new=1)).text == ""
    with pytest.raises(NotFound, match="no version 9"):
        database.read_sync(lambda conn: service.diff(conn, owner.org_id, made.id, old=1, new=9))


def test_export_has_the_settings_of_now(database: Database, owner: Owner, make: Make) -> None:
    made = make()
    database.write_sync(lambda conn: service.set_api_trigger(conn, owner.org_id, made.id, ENABLED))
    text = database.read_sync(lambda conn: service.exported(conn, owner.org_id, made.id))
    assert prepare(text).definition.api == ENABLED
    again = database.write_sync(lambda conn: service.create(conn, owner, prepare(text), project_id=None))
    assert (again.api, again.project_id) == (ENABLED, None)


def test_a_copy_is_a_draft_that_nobody_can_trigger(database: Database, owner: Owner, make: Make) -> None:
    made = make(file(triggers="triggers: {api: {enabled: true}}"))
    copied = database.write_sync(lambda conn: service.duplicate(conn, owner, made.id))
    assert (copied.name, copied.published_number, copied.api) == ("Copy of Hello", None, ApiTrigger())
    assert copied.project_id == made.project_id
    with pytest.raises(Invalid, match="one line"):
        database.write_sync(lambda conn: service.duplicate(conn, owner, made.id, name="a\nb"))


def test_a_workflow_moves_between_projects_of_its_organization(database: Database, owner: Owner, make: Make) -> None:
    made, other = make(), database.write_sync(add_tenant)
    moved = database.write_sync(lambda conn: service.set_project(conn, owner.org_id, made.id, None))
    assert moved.project_id is None
    with pytest.raises(NotFound, match="Project not found"):
        database.write_sync(lambda conn: service.set_project(conn, owner.org_id, made.id, other.project_id))


def test_other_organizations_find_nothing(database: Database, make: Make) -> None:
    made, other = make(), database.write_sync(lambda conn: add_tenant(conn, name="Other"))
    stranger = Owner(other.org_id, other.user_id)
    attempts: list[Callable[[sa.Connection], object]] = [
        lambda conn: service.get(conn, other.org_id, made.id),
        lambda conn: service.get_version(conn, other.org_id, made.id, 1),
        lambda conn: service.list_versions(conn, other.org_id, made.id, limit=1),
        lambda conn: service.exported(conn, other.org_id, made.id),
        lambda conn: service.save_version(conn, stranger, made.id, file()),
        lambda conn: service.publish(conn, other.org_id, made.id, 1),
        lambda conn: service.restore(conn, stranger, made.id, 1),
        lambda conn: service.duplicate(conn, stranger, made.id),
        lambda conn: service.set_archived(conn, other.org_id, made.id, archived=True),
        lambda conn: service.set_api_trigger(conn, other.org_id, made.id, ENABLED),
        lambda conn: service.set_project(conn, other.org_id, made.id, other.project_id),
        lambda conn: service.delete(conn, other.org_id, made.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound, match="Workflow not found"):
            database.write_sync(attempt)
    listed = database.read_sync(lambda conn: service.list_page(conn, other.org_id, Filter(), limit=5))
    assert listed.items == []


def test_the_list_tells_how_workflows_ran(database: Database, tenant: Tenant, make: Make) -> None:
    made = make()
    make(file("Never ran"))
    for _ in range(2):
        last = database.write_sync(lambda conn: start(conn, tenant, made.id))
    page = database.read_sync(lambda conn: service.list_page(conn, tenant.org_id, Filter(), limit=5))
    runs = {summary.workflow.name: summary.runs for summary in page.items}
    assert (runs["Hello"].count, runs["Hello"].last_execution_id, runs["Hello"].last_status) == (2, last, "pending")
    assert (runs["Never ran"].count, runs["Never ran"].last_at) == (0, None)
    one = database.read_sync(lambda conn: service.get_summary(conn, tenant.org_id, made.id))
    assert one.runs == runs["Hello"]


def test_the_list_is_filtered_and_cut_into_pages(database: Database, owner: Owner, make: Make) -> None:
    made = [make(file(name)) for name in ("Alpha", "Beta", "100% done")]
    database.write_sync(lambda conn: service.set_archived(conn, owner.org_id, made[0].id, archived=True))

    def names(wanted: Filter, **options: object) -> list[str]:
        page = database.read_sync(
            lambda conn: service.list_page(conn, owner.org_id, wanted, **{"limit": 10, **options})  # type: ignore[arg-type]
        )
        return [summary.workflow.name for summary in page.items]

    assert names(Filter()) == ["100% done", "Beta"]
    assert names(Filter(), after=made[2].id) == ["Beta"]
    assert names(Filter(), limit=1) == ["100% done"]
    assert names(Filter(archived=True)) == ["Alpha"]
    assert names(Filter(search="bET")) == ["Beta"]
    assert names(Filter(search="0% d")) == ["100% done"]
    assert names(Filter(search="%")) == ["100% done"]
    assert names(Filter(project_id="none")) == []
    assert names(Filter(category="Release")) == []


def test_what_has_run_is_deleted_only_with_its_record(database: Database, tenant: Tenant, make: Make) -> None:
    made = make()
    execution_id = database.write_sync(lambda conn: start(conn, tenant, made.id))
    with pytest.raises(Conflict, match="not finished"):
        database.write_sync(lambda conn: service.delete(conn, tenant.org_id, made.id, with_executions=True))
    database.write_sync(lambda conn: _finish(conn, tenant, execution_id))
    with pytest.raises(Conflict, match="archive the workflow"):
        database.write_sync(lambda conn: service.delete(conn, tenant.org_id, made.id))
    database.write_sync(lambda conn: service.delete(conn, tenant.org_id, made.id, with_executions=True))
    left = [database.read_sync(lambda conn, table=table: _count(conn, table)) for table in (executions, block_runs)]
    assert left == [0, 0]
    assert database.read_sync(lambda conn: _count(conn, workflow_versions)) == 0
    assert database.read_sync(lambda conn: _count(conn, usage_entries)) == 1


def _finish(conn: sa.Connection, tenant: Tenant, execution_id: str) -> None:
    conn.execute(executions.update().values(status="completed", finished_at=now_ms()))
    run = {"execution_id": execution_id, "key": "a", "status": "completed", "attempt": 1, "round": 0}
    conn.execute(block_runs.insert(), run)
    entry = {"id": "u", "org_id": tenant.org_id, "execution_id": execution_id, "cost_micros": 5, "created_at": 1}
    conn.execute(usage_entries.insert(), entry)


def _count(conn: sa.Connection, table: sa.Table) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()

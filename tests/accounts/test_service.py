"""What may be done with organizations, users, members and projects."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from runwright.accounts import keys, repository, service
from runwright.accounts.bootstrap import Defaults, ensure_default
from runwright.accounts.models import Role
from runwright.accounts.repository import ApiKey, Organization, Span, User
from runwright.config import Settings
from runwright.db.database import Database, open_database
from runwright.db.tables import metadata
from runwright.errors import Conflict, Forbidden, Invalid, NotFound
from runwright.kit.ids import new_key_id, new_uuid
from tests.support import add_tenant, add_workflow, start

WORKFLOW = """
version: 1
name: Greeting
blocks:
  greeting: {type: template, text: hello}
"""


@pytest.fixture
def first(database: Database) -> Defaults:
    return database.write_sync(ensure_default)


@pytest.fixture
def ann(database: Database, first: Defaults) -> User:
    return database.write_sync(lambda conn: service.create_user(conn, email="Ann@Example.com", name="Ann"))


@pytest.fixture
def acme(database: Database, ann: User) -> Organization:
    return database.write_sync(lambda conn: service.create_organization(conn, name="Acme", owner_id=ann.id))


def join(database: Database, org_id: str, name: str, role: Role) -> str:
    def work(conn: sa.Connection) -> str:
        user = service.create_user(conn, email=f"{name}@example.com", name=name)
        service.add_member(conn, by=Role.OWNER, org_id=org_id, user_id=user.id, role=role)
        return user.id

    return database.write_sync(work)


def test_a_new_organization_has_its_owner_and_a_project(database: Database, ann: User, acme: Organization) -> None:
    assert database.read_sync(lambda conn: repository.role_of(conn, acme.id, ann.id)) is Role.OWNER
    assert database.read_sync(lambda conn: repository.first_project(conn, acme.id)) is not None


def test_an_organization_needs_an_owner_who_exists(database: Database, first: Defaults) -> None:
    with pytest.raises(NotFound, match="User not found"):
        database.write_sync(lambda conn: service.create_organization(conn, name="X", owner_id=new_uuid()))


def test_organizations_may_share_a_name(database: Database, ann: User, acme: Organization) -> None:
    other = database.write_sync(lambda conn: service.create_organization(conn, name="Acme", owner_id=ann.id))
    assert other.id != acme.id


def test_an_address_is_taken_once_in_any_case(database: Database, ann: User) -> None:
    with pytest.raises(Conflict, match=r"ann@example\.com"):
        database.write_sync(lambda conn: service.create_user(conn, email="ANN@example.com", name="Other"))
    bob = database.write_sync(lambda conn: service.create_user(conn, email="bob@example.com", name="Bob"))
    with pytest.raises(Conflict):
        database.write_sync(lambda conn: service.update_user(conn, bob.id, email="ann@example.com"))


def test_a_change_keeps_what_is_not_given(database: Database, ann: User) -> None:
    changed = database.write_sync(lambda conn: service.update_user(conn, ann.id, name="Ann Lee"))
    assert (changed.name, changed.email) == ("Ann Lee", "ann@example.com")


@pytest.mark.parametrize(
    "act",
    [
        lambda conn, org, user: service.change_role(conn, by=Role.OWNER, org_id=org, user_id=user, role=Role.ADMIN),
        lambda conn, org, user: service.remove_member(conn, by=Role.OWNER, org_id=org, user_id=user),
        lambda conn, org, user: service.remove_member(conn, by=Role.OWNER, org_id=org, user_id=user, leaving=True),
        lambda conn, org, user: service.delete_user(conn, user),
    ],
    ids=["demoted", "removed", "leaving", "deleted"],
)
def test_the_last_owner_stays(
    database: Database, ann: User, acme: Organization, act: Callable[[sa.Connection, str, str], object]
) -> None:
    with pytest.raises(Conflict, match="last owner of “Acme”"):
        database.write_sync(lambda conn: act(conn, acme.id, ann.id))
    assert database.read_sync(lambda conn: repository.role_of(conn, acme.id, ann.id)) is Role.OWNER
    join(database, acme.id, "bob", Role.OWNER)
    database.write_sync(lambda conn: act(conn, acme.id, ann.id))


def test_two_owners_leaving_at_once_leave_one(settings: Settings) -> None:
    database = open_database(settings)
    ann = database.write_sync(lambda conn: service.create_user(conn, email="ann@example.com", name="Ann"))
    acme = database.write_sync(lambda conn: service.create_organization(conn, name="Acme", owner_id=ann.id))
    bob_id = join(database, acme.id, "bob", Role.OWNER)
    together = Barrier(2)

    def leave(user_id: str) -> bool:
        together.wait()
        try:
            database.write_sync(
                lambda conn: service.remove_member(conn, by=Role.OWNER, org_id=acme.id, user_id=user_id, leaving=True)
            )
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        left = list(threads.map(leave, [ann.id, bob_id]))
    assert sorted(left) == [False, True]
    assert database.read_sync(lambda conn: repository.owner_count(conn, acme.id)) == 1
    database.close_sync()


@pytest.mark.parametrize(
    ("by", "target", "allowed"),
    [
        (Role.OWNER, Role.OWNER, True),
        (Role.OWNER, Role.MEMBER, True),
        (Role.ADMIN, Role.OWNER, False),
        (Role.ADMIN, Role.ADMIN, True),
        (Role.ADMIN, Role.MEMBER, True),
        (Role.MEMBER, Role.MEMBER, False),
    ],
)
def test_who_manages_whom(database: Database, acme: Organization, by: Role, target: Role, allowed: bool) -> None:
    bob_id = join(database, acme.id, "bob", target)

    def remove(conn: sa.Connection) -> None:
        service.remove_member(conn, by=by, org_id=acme.id, user_id=bob_id)

    if allowed:
        database.write_sync(remove)
    else:
        with pytest.raises(Forbidden):
            database.write_sync(remove)


def test_an_admin_makes_nobody_an_owner(database: Database, acme: Organization) -> None:
    bob_id = join(database, acme.id, "bob", Role.MEMBER)
    with pytest.raises(Forbidden, match="Only an owner"):
        database.write_sync(
            lambda conn: service.change_role(conn, by=Role.ADMIN, org_id=acme.id, user_id=bob_id, role=Role.OWNER)
        )


def test_everybody_else_may_leave(database: Database, acme: Organization) -> None:
    bob_id = join(database, acme.id, "bob", Role.MEMBER)
    database.write_sync(
        lambda conn: service.remove_member(conn, by=Role.MEMBER, org_id=acme.id, user_id=bob_id, leaving=True)
    )
    assert database.read_sync(lambda conn: repository.role_of(conn, acme.id, bob_id)) is None


def test_nobody_is_a_member_twice(database: Database, ann: User, acme: Organization) -> None:
    with pytest.raises(Conflict, match="already"):
        database.write_sync(
            lambda conn: service.add_member(conn, by=Role.OWNER, org_id=acme.id, user_id=ann.id, role=Role.MEMBER)
        )


def test_an_invitation_makes_an_account_only_for_who_may(database: Database, acme: Organization) -> None:
    def invite(conn: sa.Connection, new_name: str | None) -> service.Invitation:
        return service.invite_member(
            conn, by=Role.OWNER, org_id=acme.id, email="bob@example.com", role=Role.MEMBER, new_name=new_name
        )

    with pytest.raises(NotFound, match=r"bob@example\.com"):
        database.write_sync(lambda conn: invite(conn, None))
    made = database.write_sync(lambda conn: invite(conn, "Bob"))
    assert made.new_user
    assert made.member.name == "Bob"


def test_a_deleted_users_keys_are_unknown(database: Database, acme: Organization) -> None:
    bob_id = join(database, acme.id, "bob", Role.MEMBER)
    made = database.write_sync(lambda conn: keys.create_key(conn, org_id=acme.id, user_id=bob_id, name="ci"))
    database.write_sync(lambda conn: service.delete_user(conn, bob_id))
    assert database.read_sync(lambda conn: keys.find_key(conn, made.secret)) is None


def test_a_project_of_another_organization_is_none(database: Database, first: Defaults, acme: Organization) -> None:
    for act in (service.get_project, lambda conn, org, id_: service.delete_project(conn, org_id=org, project_id=id_)):
        with pytest.raises(NotFound):
            database.write_sync(lambda conn, act=act: act(conn, acme.id, first.project_id))
    assert database.read_sync(lambda conn: service.get_project(conn, first.org_id, first.project_id))


def test_a_projects_model_is_set_kept_and_taken_away(database: Database, first: Defaults) -> None:
    def change(**fields: str) -> str | None:
        return database.write_sync(
            lambda conn: service.update_project(conn, org_id=first.org_id, project_id=first.project_id, **fields)
        ).default_model

    assert change(default_model="openai:gpt-5") == "openai:gpt-5"
    assert change(name="Other") == "openai:gpt-5"
    assert change(default_model="") is None
    with pytest.raises(Invalid, match="vendor:name"):
        change(default_model="gpt-5")


def test_the_first_organization_cannot_be_deleted(database: Database, first: Defaults) -> None:
    with pytest.raises(Conflict, match="first organization"):
        database.write_sync(lambda conn: service.delete_organization(conn, first.org_id))


def test_an_organization_that_works_is_not_deleted(database: Database, first: Defaults) -> None:
    tenant = database.write_sync(add_tenant)
    workflow_id = database.write_sync(lambda conn: add_workflow(conn, tenant, WORKFLOW))
    database.write_sync(lambda conn: start(conn, tenant, workflow_id))
    with pytest.raises(Conflict, match="not finished"):
        database.write_sync(lambda conn: service.delete_organization(conn, tenant.org_id))


def test_a_deleted_organization_leaves_nothing(database: Database, first: Defaults) -> None:
    def rows(conn: sa.Connection) -> dict[str, int]:
        return {
            table.name: conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name != "users"
        }

    before = database.read_sync(rows)
    tenant = database.write_sync(add_tenant)
    workflow_id = database.write_sync(lambda conn: add_workflow(conn, tenant, WORKFLOW))
    database.write_sync(lambda conn: start(conn, tenant, workflow_id))
    executions = metadata.tables["executions"]
    database.write_sync(lambda conn: conn.execute(executions.update().values(finished_at=1)))
    database.write_sync(lambda conn: service.delete_organization(conn, tenant.org_id))
    assert database.read_sync(rows) == before


def test_lists_come_in_pages_that_miss_nothing(database: Database, ann: User, acme: Organization) -> None:
    names = [f"project {number}" for number in range(5)]
    for name in names:
        database.write_sync(lambda conn, name=name: service.create_project(conn, org_id=acme.id, name=name))
    found, span = [], Span(limit=2)
    while True:
        page = database.read_sync(lambda conn, span=span: repository.list_projects(conn, acme.id, span=span))
        found += [project.name for project in page.items]
        if page.next_cursor is None:
            break
        span = Span(limit=2, after=page.next_cursor)
    assert found == ["Default", *names]


def test_keys_are_listed_newest_first_in_pages(database: Database, ann: User, acme: Organization) -> None:
    for moment in range(5):
        key = ApiKey(
            id=new_key_id(),
            org_id=acme.id,
            user_id=ann.id,
            name=str(moment),
            prefix="rw_",
            created_at=1_700_000_000_000 + moment,
            last_used_at=None,
        )
        database.write_sync(lambda conn, key=key: repository.insert_api_key(conn, key, secret_hash=key.id))
    first = database.read_sync(lambda conn: repository.list_api_keys(conn, org_id=acme.id, span=Span(limit=3)))
    after = Span(limit=3, after=first.next_cursor)
    second = database.read_sync(lambda conn: repository.list_api_keys(conn, org_id=acme.id, span=after))
    assert [key.name for key in [*first.items, *second.items]] == ["4", "3", "2", "1", "0"]
    assert second.next_cursor is None

"""The first start: made once, whoever comes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa

from runwright.accounts import repository, service, sessions
from runwright.accounts.bootstrap import ensure_default, find_complete_default, find_default, first_sign_in_link
from runwright.accounts.models import Role, organizations, projects, users
from runwright.accounts.repository import Span
from runwright.config import Settings
from runwright.db.database import Database, open_database


def counts(conn: sa.Connection) -> list[int]:
    return [
        conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in (organizations, users, projects)
    ]


def test_the_first_start_makes_an_organization_a_project_and_an_owner(database: Database) -> None:
    assert database.read_sync(find_default) is None
    made = database.write_sync(ensure_default)
    assert database.read_sync(counts) == [1, 1, 1]
    assert database.read_sync(lambda conn: repository.role_of(conn, made.org_id, made.user_id)) is Role.OWNER
    assert database.read_sync(find_complete_default) == made


def test_later_starts_change_nothing(database: Database) -> None:
    first = database.write_sync(ensure_default)
    assert database.write_sync(ensure_default) == first
    assert database.read_sync(counts) == [1, 1, 1]


def test_many_first_starts_at_once_agree(settings: Settings) -> None:
    together = Barrier(4)

    def begin(_number: int) -> object:
        database = open_database(settings)
        try:
            together.wait()
            return database.write_sync(ensure_default)
        finally:
            database.close_sync()

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(begin, range(4)))
    assert len(set(made)) == 1
    database = open_database(settings)
    assert database.read_sync(counts) == [1, 1, 1]
    database.close_sync()


def test_the_oldest_project_stands_in_for_a_deleted_one(database: Database) -> None:
    made = database.write_sync(ensure_default)
    other = database.write_sync(lambda conn: service.create_project(conn, org_id=made.org_id, name="Other"))
    database.write_sync(lambda conn: service.delete_project(conn, org_id=made.org_id, project_id=made.project_id))
    assert database.write_sync(ensure_default).project_id == other.id


def test_a_new_project_is_made_when_none_is_left(database: Database) -> None:
    made = database.write_sync(ensure_default)
    database.write_sync(lambda conn: service.delete_project(conn, org_id=made.org_id, project_id=made.project_id))
    assert database.read_sync(find_complete_default) is None
    again = database.write_sync(ensure_default)
    assert again.project_id != made.project_id
    assert database.write_sync(ensure_default) == again


def test_another_owner_stands_in_for_one_who_left(database: Database) -> None:
    made = database.write_sync(ensure_default)

    def replace(conn: sa.Connection) -> str:
        ann = service.create_user(conn, email="ann@example.com", name="Ann")
        service.add_member(conn, by=Role.OWNER, org_id=made.org_id, user_id=ann.id, role=Role.OWNER)
        service.delete_user(conn, made.user_id)
        return ann.id

    ann_id = database.write_sync(replace)
    assert database.write_sync(ensure_default).user_id == ann_id
    assert len(database.read_sync(lambda conn: repository.list_users(conn, span=Span())).items) == 1


def test_the_owner_gets_a_link_until_there_is_a_password(database: Database) -> None:
    made = database.write_sync(ensure_default)
    token = database.write_sync(lambda conn: first_sign_in_link(conn, made.user_id))
    assert token is not None
    assert token.startswith("rwl_")
    database.write_sync(lambda conn: sessions.set_password_hash(conn, made.user_id, "hash"))
    assert database.write_sync(lambda conn: first_sign_in_link(conn, made.user_id)) is None

"""Keys on the hot path: one query, no secret at rest, and the last use noted now and then."""

from __future__ import annotations

import sqlalchemy as sa

from runwright.accounts import credits, keys, repository, service
from runwright.accounts.bootstrap import Defaults, ensure_default
from runwright.accounts.keys import KeyHolder, Throttle
from runwright.accounts.models import Role, api_keys, usage_entries
from runwright.db.database import Database
from runwright.kit.ids import new_uuid


def make(database: Database, *, with_org: bool = True) -> tuple[Defaults, keys.NewKey]:
    first = database.write_sync(ensure_default)
    org_id = first.org_id if with_org else None
    return first, database.write_sync(
        lambda conn: keys.create_key(conn, org_id=org_id, user_id=first.user_id, name="ci")
    )


def statements(database: Database, work: object) -> list[str]:
    """The SQL that a unit of work sends."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        database.read_sync(work)  # type: ignore[arg-type]
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)
    return [text for text in seen if not text.startswith(("BEGIN", "COMMIT", "PRAGMA"))]


def test_a_key_tells_for_whom_it_speaks(database: Database) -> None:
    first, made = make(database)
    found = database.read_sync(lambda conn: keys.find_key(conn, made.secret))
    assert found == KeyHolder(key_id=made.key.id, org_id=first.org_id, user_id=first.user_id, role=Role.OWNER)


def test_a_key_costs_one_query(database: Database) -> None:
    _, made = make(database)
    assert len(statements(database, lambda conn: keys.find_key(conn, made.secret))) == 1


def test_a_key_without_organization_is_known_as_one(database: Database) -> None:
    _, made = make(database, with_org=False)
    found = database.read_sync(lambda conn: keys.find_key(conn, made.secret))
    assert found is not None
    assert (found.org_id, found.role) == (None, None)


def test_a_key_of_somebody_who_left_has_no_role(database: Database) -> None:
    first, made = make(database)

    def leave(conn: sa.Connection) -> None:
        ann = service.create_user(conn, email="ann@example.com", name="Ann")
        service.add_member(conn, by=Role.OWNER, org_id=first.org_id, user_id=ann.id, role=Role.OWNER)
        service.remove_member(conn, by=Role.OWNER, org_id=first.org_id, user_id=first.user_id)

    database.write_sync(leave)
    found = database.read_sync(lambda conn: keys.find_key(conn, made.secret))
    assert found is not None
    assert found.role is None
    assert not database.read_sync(lambda conn: keys.is_member(conn, first.org_id, first.user_id))


def test_unknown_secrets_are_unknown(database: Database) -> None:
    _, made = make(database)
    for secret in ("", "rw_", made.secret[:-1], made.secret.upper(), made.key.prefix, "\x00", "\udc80", "ü" * 100_000):
        assert database.read_sync(lambda conn, secret=secret: keys.find_key(conn, secret)) is None


def test_the_secret_is_not_kept(database: Database) -> None:
    _, made = make(database)
    row = database.read_sync(lambda conn: conn.execute(sa.select(api_keys)).one())
    assert made.secret.startswith(made.key.prefix)
    assert len(made.secret) == len("rw_") + 43
    assert not any(made.secret[len(made.key.prefix) :] in str(value) for value in row)


def test_a_deleted_key_is_unknown_at_once(database: Database) -> None:
    _, made = make(database)
    database.write_sync(lambda conn: keys.delete_any_key(conn, made.key.id))
    assert database.read_sync(lambda conn: keys.find_key(conn, made.secret)) is None


def test_the_use_of_a_key_is_noted(database: Database) -> None:
    _, made = make(database)
    database.write_sync(lambda conn: keys.touch_key(conn, made.key.id, now=123))
    found = database.read_sync(lambda conn: repository.api_key(conn, made.key.id))
    assert found is not None
    assert found.last_used_at == 123


def test_a_throttle_lets_each_name_through_once_a_while() -> None:
    throttle = Throttle(every=60_000)
    assert [throttle.due("a", now=now) for now in (0, 59_999, 60_000, 60_001)] == [True, False, True, False]
    assert throttle.due("b", now=60_001)


def test_a_throttle_survives_a_clock_set_back() -> None:
    throttle = Throttle(every=60_000)
    throttle.due("a", now=10_000_000)
    assert throttle.due("a", now=5)


def test_a_throttle_forgets_the_oldest_names() -> None:
    throttle = Throttle(every=60_000, size=2)
    for name in "abc":
        throttle.due(name, now=0)
    assert throttle.due("a", now=1)
    assert not throttle.due("c", now=1)


def spend(conn: sa.Connection, org_id: str, micros: int) -> None:
    conn.execute(
        usage_entries.insert().values(id=new_uuid(), org_id=org_id, model="m", cost_micros=micros, created_at=1)
    )


def test_credit_without_a_limit_sums_nothing(database: Database) -> None:
    first, _ = make(database)
    database.write_sync(lambda conn: spend(conn, first.org_id, 10**12))
    assert not database.read_sync(lambda conn: credits.credit_exhausted(conn, first.org_id))
    sent = statements(database, lambda conn: credits.credit_exhausted(conn, first.org_id))
    assert len(sent) == 1
    assert "sum(" not in sent[0].lower()


def test_credit_is_exhausted_when_the_limit_is_reached(database: Database) -> None:
    first, _ = make(database)

    def exhausted() -> bool:
        return database.read_sync(lambda conn: credits.credit_exhausted(conn, first.org_id))

    database.write_sync(lambda conn: credits.set_limit(conn, first.org_id, limit=1_000_000))
    database.write_sync(lambda conn: spend(conn, first.org_id, 999_999))
    assert not exhausted()
    database.write_sync(lambda conn: spend(conn, first.org_id, 1))
    assert exhausted()
    credit = database.write_sync(lambda conn: credits.add_credits(conn, first.org_id, amount=500_000))
    assert (credit.limit, credit.used, credit.remaining, credit.reached) == (1_500_000, 1_000_000, 500_000, False)
    assert not exhausted()
    database.write_sync(lambda conn: credits.set_limit(conn, first.org_id, limit=0))
    assert exhausted()


def test_another_organizations_spending_does_not_count(database: Database) -> None:
    first, _ = make(database)
    database.write_sync(lambda conn: credits.set_limit(conn, first.org_id, limit=1))
    database.write_sync(lambda conn: spend(conn, new_uuid(), 10))
    assert not database.read_sync(lambda conn: credits.credit_exhausted(conn, first.org_id))

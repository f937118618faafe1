"""Contents that nobody refers to are deleted after a day, and never one that is being saved."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from runwright.accounts.repository import delete_project
from runwright.artifacts import repository, service
from runwright.artifacts.keeper import Keeper
from runwright.artifacts.models import blobs
from runwright.artifacts.repository import Artifact, Blob, BlobGone
from runwright.artifacts.sweeper import GRACE_MS, Sweeper
from runwright.db.database import Database
from runwright.integrations.storage.base import StoreError
from runwright.integrations.storage.fake import MemoryStore
from runwright.kit.clock import now_ms
from tests.support import Tenant, add_tenant

pytestmark = pytest.mark.anyio

LATER = GRACE_MS + 60_000


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def keeper(async_database: Database, store: MemoryStore) -> Keeper:
    return Keeper(async_database, store)


@pytest.fixture
def sweeper(async_database: Database, store: MemoryStore, tmp_path: Path) -> Sweeper:
    return Sweeper(async_database, store, incoming=tmp_path / "incoming")


@pytest.fixture
async def tenant(async_database: Database) -> Tenant:
    return await async_database.write(add_tenant)


async def add(database: Database, tenant: Tenant, blob: Blob, name: str = "a.txt") -> Artifact:
    return await database.write(
        lambda conn: service.upload(
            conn,
            org_id=tenant.org_id,
            project_id=tenant.project_id,
            user_id=tenant.user_id,
            name=name,
            blob=blob,
            now=now_ms(),
        )
    )


async def test_what_nobody_refers_to_goes_after_a_day(
    async_database: Database, keeper: Keeper, store: MemoryStore, sweeper: Sweeper, tenant: Tenant
) -> None:
    kept = await keeper.keep_text(tenant.org_id, "kept")
    await keeper.keep_text(tenant.org_id, "forgotten")
    await add(async_database, tenant, kept)
    assert await sweeper.sweep(now=now_ms()) == 0
    assert await sweeper.sweep(now=now_ms() + LATER) == 1
    assert list(store.contents) == [kept.key]
    rows = await async_database.read(lambda conn: conn.execute(sa.select(blobs.c.id)).scalars().all())
    assert rows == [kept.id]


async def test_a_save_of_a_doomed_content_gets_one_of_its_own(
    async_database: Database, keeper: Keeper, store: MemoryStore, sweeper: Sweeper, tenant: Tenant
) -> None:
    old = await keeper.keep_text(tenant.org_id, "text")
    now = now_ms() + LATER
    await async_database.write(lambda conn: repository.doom_unused(conn, before=now, now=now, limit=10))
    new = await keeper.keep_text(tenant.org_id, "text")
    assert (new.sha256, new.key != old.key) == (old.sha256, True)
    await add(async_database, tenant, new)
    with pytest.raises(BlobGone):
        await add(async_database, tenant, old)
    await sweeper.sweep(now=now)
    assert store.contents == {new.key: b"text"}


async def test_a_deletion_that_was_cut_off_is_done_the_next_time(
    keeper: Keeper, store: MemoryStore, sweeper: Sweeper, tenant: Tenant
) -> None:
    await keeper.keep_text(tenant.org_id, "text")
    store.fails = "away"
    with pytest.raises(StoreError):
        await sweeper.sweep(now=now_ms() + LATER)
    store.fails = None
    assert await sweeper.sweep(now=now_ms() + LATER) == 1
    assert store.contents == {}


async def test_files_go_with_their_project_and_contents_with_their_organization(
    async_database: Database, keeper: Keeper, store: MemoryStore, sweeper: Sweeper, tenant: Tenant
) -> None:
    await add(async_database, tenant, await keeper.keep_text(tenant.org_id, "text"))
    await async_database.write(lambda conn: delete_project(conn, tenant.org_id, tenant.project_id))
    await sweeper.sweep(now=now_ms())
    assert await async_database.read(lambda conn: repository.usage(conn, tenant.org_id)) == repository.Usage(0, 0)
    assert await sweeper.sweep(now=now_ms() + LATER) == 1
    assert store.contents == {}

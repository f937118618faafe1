"""The blob stores: one behaviour, on disk, in memory, and on a real S3-compatible server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from runwright.config import Settings, StorageSettings
from runwright.integrations.storage.base import BlobMissing, BlobStore, StoreError
from runwright.integrations.storage.fake import MemoryStore
from runwright.integrations.storage.local import LocalStore
from runwright.integrations.storage.opening import open_store
from runwright.integrations.storage.s3 import S3Store
from tests.integrations.storage.s3_server import S3Server, s3_server

# In one worker: the S3 server takes seconds to start.
pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("s3")]

KEY = "0190f0c4/ab/abcdef-0190f0c5"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """One server for all tests of this file."""
    with s3_server(tmp_path_factory.mktemp("s3")) as running:
        yield running


def bucket(server: S3Server, **changes: object) -> StorageSettings:
    """The settings of its bucket."""
    settings = StorageSettings(
        bucket="files",
        endpoint=server.endpoint,
        region="us-east-1",
        prefix="runwright/",
        access_key_id=server.access_key_id,
        secret_access_key=SecretStr(server.secret_access_key),
        timeout=10,
    )
    return settings.model_copy(update=changes)


@pytest.fixture(params=["disk", "memory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "s3":
        return S3Store(bucket(request.getfixturevalue("server")))
    return MemoryStore() if request.param == "memory" else LocalStore(tmp_path / "files")


async def content(store: BlobStore, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in store.read(key, start=start, end=end)])


async def test_what_is_put_is_there_until_it_is_deleted(store: BlobStore) -> None:
    assert await store.size(KEY) is None
    for _ in range(2):
        await store.put(KEY, b"0123456789")
    assert await store.size(KEY) == 10
    assert [await content(store, KEY), await content(store, KEY, 7), await content(store, KEY, 2, 4)] == [
        b"0123456789",
        b"789",
        b"23",
    ]
    assert await content(store, KEY, 3, 3) == b""
    for _ in range(2):
        await store.delete(KEY)
    assert await store.size(KEY) is None
    with pytest.raises(BlobMissing):
        await content(store, KEY)


async def test_a_large_file_goes_in_and_out(store: BlobStore, tmp_path: Path) -> None:
    source = tmp_path / "large"
    source.write_bytes(os.urandom(20 * 1024 * 1024))
    await store.put("large", source)
    assert await content(store, "large") == source.read_bytes()
    assert await content(store, "large", 9_000_000, 9_000_010) == source.read_bytes()[9_000_000:9_000_010]
    await store.delete("large")


async def test_an_empty_content(store: BlobStore) -> None:
    await store.put("empty", b"")
    assert (await store.size("empty"), await content(store, "empty")) == (0, b"")


async def test_the_check_leaves_nothing_behind(store: BlobStore, tmp_path: Path) -> None:
    await store.check()
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


async def test_what_is_wrong_with_the_bucket_is_told_without_the_secret(server: S3Server) -> None:
    wrong = [
        bucket(server, access_key_id="nobody"),
        bucket(server, secret_access_key=SecretStr("a-wrong-secret")),
        bucket(server, endpoint="http://127.0.0.1:9", timeout=2),
    ]
    for settings in wrong:
        with pytest.raises(StoreError, match="the bucket files cannot be written") as caught:
            await S3Store(settings).check()
        assert settings.secret_access_key is not None
        assert settings.secret_access_key.get_secret_value() not in str(caught.value)


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be written"):
        await LocalStore(tmp_path / "file" / "files").check()


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../../x"])
async def test_no_key_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(StoreError, match="is no key"):
        await LocalStore(tmp_path / "files").put(key, b"x")
    assert not (tmp_path / "x").exists()


def test_a_bucket_in_the_settings_is_used(tmp_path: Path) -> None:
    assert isinstance(open_store(Settings(data_dir=tmp_path)), LocalStore)
    assert isinstance(open_store(Settings(data_dir=tmp_path, storage=StorageSettings(bucket="b"))), S3Store)

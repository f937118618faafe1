"""The installation's key, and what is sealed with it."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from runwright.accounts.bootstrap import ensure_default
from runwright.accounts.models import model_providers
from runwright.accounts.providers import Vendor, delete_provider, list_providers, open_provider, put_provider
from runwright.accounts.secrets import SecretKeyError, open_secret_box
from runwright.config import Settings
from runwright.db.database import Database
from runwright.errors import Invalid, NotFound
from runwright.kit.crypto import SecretBox

BOX = SecretBox(SecretBox.new_key())
URL = "https://models.example.com/v1"


def at(folder: Path, **fields: object) -> Settings:
    return Settings(data_dir=folder, database_url=None, **fields)  # type: ignore[arg-type]


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    sealed = open_secret_box(at(tmp_path / "new")).seal("hush")
    assert open_secret_box(at(tmp_path / "new")).open(sealed) == "hush"
    files = list((tmp_path / "new").iterdir())
    assert [file.name for file in files] == ["secret.key"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_many_first_uses_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        boxes = list(threads.map(lambda _: open_secret_box(at(tmp_path)), range(8)))
    sealed = boxes[0].seal("hush")
    assert {box.open(sealed) for box in boxes} == {"hush"}
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_the_files_text_serves_as_the_variable(tmp_path: Path) -> None:
    sealed = open_secret_box(at(tmp_path)).seal("hush")
    text = (tmp_path / "secret.key").read_text()
    assert open_secret_box(at(tmp_path / "other", secret_key=text)).open(sealed) == "hush"
    assert not (tmp_path / "other").exists()


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    sealed = open_secret_box(at(tmp_path, secret_key="a" * 32)).seal("hush")
    with pytest.raises(ValueError, match="another installation"):
        open_secret_box(at(tmp_path, secret_key="b" * 32)).open(sealed)


def test_a_short_key_is_refused_without_being_told(tmp_path: Path) -> None:
    with pytest.raises(SecretKeyError, match="openssl rand") as caught:
        open_secret_box(at(tmp_path, secret_key="hunter2"))
    assert "hunter2" not in str(caught.value)


def test_a_broken_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"\xff\xfe")
    with pytest.raises(SecretKeyError, match=r"secret\.key"):
        open_secret_box(at(tmp_path))


def put(database: Database, org_id: str, vendor: Vendor, *, key: str | None, url: str | None = None) -> None:
    database.write_sync(lambda conn: put_provider(conn, BOX, org_id=org_id, vendor=vendor, api_key=key, base_url=url))


def test_a_providers_key_is_sealed_and_opened_for_requests_only(database: Database) -> None:
    org_id = database.write_sync(ensure_default).org_id
    put(database, org_id, Vendor.OPENAI, key="sk-very-secret")
    shown = database.read_sync(lambda conn: list_providers(conn, org_id))
    assert [(provider.vendor, provider.has_api_key) for provider in shown] == [(Vendor.OPENAI, True)]
    row = database.read_sync(lambda conn: conn.execute(sa.select(model_providers)).one())
    assert "very-secret" not in str(row) + str(shown)
    access = database.read_sync(lambda conn: open_provider(conn, BOX, org_id=org_id, vendor=Vendor.OPENAI))
    assert access is not None
    assert access.api_key == "sk-very-secret"
    assert "very-secret" not in repr(access)


def test_a_kept_key_never_goes_to_a_new_address(database: Database) -> None:
    org_id = database.write_sync(ensure_default).org_id
    put(database, org_id, Vendor.COMPATIBLE, key="sk-very-secret", url=URL)
    put(database, org_id, Vendor.COMPATIBLE, key=None, url="https://elsewhere.example.com")
    access = database.read_sync(lambda conn: open_provider(conn, BOX, org_id=org_id, vendor=Vendor.COMPATIBLE))
    assert access is not None
    assert (access.base_url, access.api_key) == ("https://elsewhere.example.com", None)


def test_a_provider_can_be_taken_away(database: Database) -> None:
    org_id = database.write_sync(ensure_default).org_id
    put(database, org_id, Vendor.GOOGLE, key="k")
    database.write_sync(lambda conn: delete_provider(conn, org_id=org_id, vendor=Vendor.GOOGLE))
    assert database.read_sync(lambda conn: list_providers(conn, org_id)) == []
    with pytest.raises(NotFound):
        database.write_sync(lambda conn: delete_provider(conn, org_id=org_id, vendor=Vendor.GOOGLE))


@pytest.mark.parametrize(
    ("vendor", "key", "url"),
    [
        (Vendor.OPENAI, None, None),
        (Vendor.OPENAI, "  ", None),
        (Vendor.OPENAI, "a b", None),
        (Vendor.OPENAI, "a\nX-Header: b", None),
        (Vendor.OPENAI, "ключ", None),
        (Vendor.OPENAI, "k" * 5000, None),
        (Vendor.COMPATIBLE, "k", None),
        (Vendor.COMPATIBLE, "k", "models.example.com"),
        (Vendor.COMPATIBLE, "k", "file:///etc/passwd"),
        (Vendor.COMPATIBLE, "k", "https://"),
        (Vendor.COMPATIBLE, "k", "https://[bad"),
        (Vendor.COMPATIBLE, "k", "https://host:99999"),
        (Vendor.COMPATIBLE, "k", "https://user:pass@host"),
        (Vendor.COMPATIBLE, "k", "https://host/v1?key=1"),
        (Vendor.COMPATIBLE, "k", "https://host/\x00"),
        (Vendor.COMPATIBLE, "k", "https://host/" + "x" * 5000),
    ],
)
def test_what_cannot_work_is_refused(database: Database, vendor: Vendor, key: str | None, url: str | None) -> None:
    org_id = database.write_sync(ensure_default).org_id
    with pytest.raises(Invalid, match=r"^(api_key|base_url): "):
        put(database, org_id, vendor, key=key, url=url)

"""``runwright keys``, on a folder that was empty."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from runwright.accounts.keys import KeyHolder, find_key
from runwright.config import Settings
from runwright.db.database import open_database

from .conftest import Run

SECRET = re.compile(r"rw_[A-Za-z0-9_-]{43}\n")


def holder(folder: Path, secret: str) -> KeyHolder | None:
    database = open_database(Settings(data_dir=folder, database_url=None))
    try:
        return database.read_sync(lambda conn: find_key(conn, secret.strip()))
    finally:
        database.close_sync()


def test_the_secret_is_alone_on_standard_output(run: Run, tmp_path: Path) -> None:
    ended = run("keys", "create", "--name", "ci", "--data-dir", tmp_path / "new")
    assert ended.code == 0
    assert SECRET.fullmatch(ended.out)
    assert "ci" in ended.err
    found = holder(tmp_path / "new", ended.out)
    assert found is not None
    assert found.role == "owner"


def test_keys_are_listed_and_deleted_by_id_or_name(run: Run) -> None:
    for name in ("one", "two"):
        run("keys", "create", "--name", name)
    listed = json.loads(run("keys", "list", "--json").out)
    assert [key["name"] for key in listed] == ["two", "one"]
    assert run("keys", "delete", listed[0]["id"]).code == 0
    assert run("keys", "delete", "one").code == 0
    assert json.loads(run("keys", "list", "--json").out) == []


def test_a_name_that_two_keys_have_is_not_enough(run: Run) -> None:
    run("keys", "create", "--name", "ci")
    run("keys", "create", "--name", "ci")
    ended = run("keys", "delete", "ci")
    assert ended.code == 1
    assert len(re.findall("ak_", ended.err)) == 2


def test_a_key_without_organization(run: Run, tmp_path: Path) -> None:
    secret = run("keys", "create", "--name", "nowhere", "--no-org").out
    found = holder(tmp_path / ".data", secret)
    assert found is not None
    assert found.org_id is None
    assert json.loads(run("keys", "list", "--json").out) == []
    assert [key["name"] for key in json.loads(run("keys", "list", "--no-org", "--json").out)] == ["nowhere"]


def test_a_key_for_anybody_in_any_organization(run: Run, tmp_path: Path) -> None:
    ann = run("admin", "users", "create", "ann@example.com").out.strip()
    acme = run("admin", "orgs", "create", "Acme", "--owner", "ann@example.com").out.strip()
    by_owner = holder(tmp_path / ".data", run("keys", "create", "--name", "x", "--org", "Acme").out)
    assert by_owner is not None
    assert (by_owner.org_id, by_owner.user_id, by_owner.role) == (acme, ann, "owner")
    ended = run("keys", "create", "--name", "x", "--org", acme, "--user", "owner@localhost")
    stranger = holder(tmp_path / ".data", ended.out)
    assert stranger is not None
    assert stranger.role is None
    assert "no member" in ended.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["create"], 2, "--name"),
        (["create", "--name", "x", "--org", "a", "--no-org"], 2, "exclude"),
        (["create", "--name", ""], 1, "name: must not be empty"),
        (["create", "--name", "x" * 300], 1, "at most 200"),
        (["create", "--name", "x", "--org", "nope"], 1, "no organization “nope”"),
        (["create", "--name", "x", "--user", "nobody@example.com"], 1, "no user"),
        (["delete", "ak_unknown"], 1, "no API key"),
        (["delete", "\udcff"], 1, "no API key"),
    ],
)
def test_what_is_wrong_is_said(run: Run, arguments: list[str], code: int, said: str) -> None:
    ended = run("keys", *arguments)
    assert ended.code == code
    assert said in ended.err
    assert ended.out == ""


def test_a_data_folder_that_is_a_file_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = run("keys", "list", "--data-dir", tmp_path / "file")
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert "file" in ended.err

"""``runwright doctor``: each fault is found and comes with a remedy."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from runwright.cli import diagnosis, lock
from runwright.config import Settings

from .conftest import Run


@pytest.fixture
def data_dir(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    assert run("migrate", "--data-dir", folder).code == 0
    monkeypatch.setenv("RUNWRIGHT_DATA_DIR", str(folder))
    monkeypatch.setenv("RUNWRIGHT_PORT", "0")
    return folder


def found(run: Run, subject: str) -> dict[str, Any]:
    findings = json.loads(run("doctor", "--json").out)
    (finding,) = [finding for finding in findings if finding["subject"] == subject]
    return dict(finding)


def test_a_sound_installation(run: Run, data_dir: Path) -> None:
    ended = run("doctor")
    assert ended.code == 0
    assert "fail" not in ended.out
    assert found(run, "database")["level"] == "ok"


def test_before_the_first_start_nothing_is_made(run: Run, tmp_path: Path) -> None:
    ended = run("doctor", "--data-dir", tmp_path / "new")
    assert ended.code == 0
    assert not (tmp_path / "new").exists()


def test_a_database_from_the_future_fails(run: Run, data_dir: Path) -> None:
    with closing(sqlite3.connect(data_dir / "runwright.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    ended = run("doctor")
    assert ended.code == 1
    assert "newer Runwright" in ended.out


def test_a_file_that_is_no_database_fails(run: Run, data_dir: Path) -> None:
    for name in ("runwright.db-wal", "runwright.db-shm"):
        (data_dir / name).unlink(missing_ok=True)
    (data_dir / "runwright.db").write_bytes(b"no database at all" * 100)
    assert found(run, "database")["level"] == "fail"


def test_an_unreachable_postgresql_fails_without_its_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWRIGHT_DATABASE_URL", "postgresql://user:hunter2@127.0.0.1:1/runwright")
    ended = run("doctor")
    assert ended.code == 1
    assert "RUNWRIGHT_DATABASE_URL" in ended.out
    assert "hunter2" not in ended.out + ended.err


def test_a_misspelt_setting_is_found(run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWRIGHT_HTTP__TIMEOUT", "5")
    assert found(run, "settings")["level"] == "ok"
    monkeypatch.setenv("RUNWRIGHT_HTTP_TIMEOUT", "5")
    assert "RUNWRIGHT_HTTP_TIMEOUT" in found(run, "settings")["message"]


def test_a_secret_key_others_can_read_fails(run: Run, data_dir: Path) -> None:
    key = data_dir / "secret.key"
    key.touch(mode=0o600)
    assert found(run, "secret key")["level"] == "ok"
    key.chmod(0o644)
    assert found(run, "secret key")["remedy"] == f"chmod 600 {key}"


def test_a_port_in_use_fails(run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("RUNWRIGHT_PORT", str(other.getsockname()[1]))
        assert found(run, "port")["level"] == "fail"


def test_a_running_server_is_seen(run: Run, data_dir: Path) -> None:
    assert found(run, "server")["message"] == "not running"
    with lock.exclusive(data_dir):
        assert found(run, "server")["message"] == f"running as process {os.getpid()}"


def test_executions_that_nobody_drives_are_seen() -> None:
    assert diagnosis.workers(diagnosis.LiveCounts(due=2)).level == "warn"
    assert diagnosis.workers(diagnosis.LiveCounts(due=2, workers=1, oldest_due_seconds=600)).level == "warn"
    assert diagnosis.workers(diagnosis.LiveCounts(due=2, workers=1)).level == "ok"


def test_little_room_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 5 * 1024 * 1024

    monkeypatch.setattr(diagnosis.shutil, "disk_usage", lambda _path: Usage)
    assert diagnosis.free_disk(Settings()).level == "fail"


def test_without_a_model_the_demo_provider_is_named(run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "demo" in found(run, "models")["message"]
    monkeypatch.setenv("RUNWRIGHT_MODELS__OPENAI_API_KEY", "sk-hidden")
    assert "RUNWRIGHT_MODELS__DEFAULT" in found(run, "models")["remedy"]
    monkeypatch.setenv("RUNWRIGHT_MODELS__DEFAULT", "openai:some-model")
    assert found(run, "models")["message"] == "OpenAI; by default openai:some-model"


def test_each_problem_comes_with_a_remedy(run: Run, data_dir: Path) -> None:
    (data_dir / "secret.key").touch(mode=0o644)
    for finding in json.loads(run("doctor", "--json").out):
        assert (finding["level"] == "ok") == (finding["remedy"] == "")

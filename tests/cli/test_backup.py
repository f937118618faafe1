"""``runwright backup``: a whole copy or none, beside those who write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from runwright.cli import backup

from .conftest import Run


@pytest.fixture
def data_dir(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    assert run("migrate", "--data-dir", folder).code == 0
    return folder


def tables(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_backup_is_one_whole_file(run: Run, data_dir: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    ended = run("backup", copy, "--data-dir", data_dir)
    assert ended.code == 0
    assert "executions" in tables(copy)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "data"]


def test_a_backup_is_of_one_moment_while_others_write(run: Run, data_dir: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data_dir / "runwright.db", isolation_level=None)) as writer:
        writer.execute("CREATE TABLE numbers (n INTEGER)")
        writer.execute("INSERT INTO numbers VALUES (1)")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO numbers VALUES (2)")
        ended = run("backup", tmp_path / "copy.db", "--data-dir", data_dir)
        writer.execute("COMMIT")
    assert ended.code == 0
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT n FROM numbers").fetchall() == [(1,)]


def test_an_existing_file_is_replaced_only_when_asked(run: Run, data_dir: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("precious")
    ended = run("backup", copy, "--data-dir", data_dir)
    assert ended.code == 1
    assert "--force" in ended.err
    assert copy.read_text() == "precious"
    assert run("backup", copy, "--force", "--data-dir", data_dir).code == 0
    assert "executions" in tables(copy)


def test_the_copy_is_for_its_owner_alone(run: Run, data_dir: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy.db", "--data-dir", data_dir)
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0


def test_a_damaged_database_makes_no_backup(run: Run, data_dir: Path, tmp_path: Path) -> None:
    file = data_dir / "runwright.db"
    content = bytearray(file.read_bytes())
    content[8192:40960] = b"\xa5" * (40960 - 8192)
    file.write_bytes(content)
    ended = run("backup", tmp_path / "copy.db", "--data-dir", data_dir)
    assert ended.code == 1
    assert "damaged" in ended.err or "could not be copied" in ended.err
    assert not (tmp_path / "copy.db").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_folder_without_a_database_is_named(run: Run, tmp_path: Path) -> None:
    ended = run("backup", tmp_path / "copy.db", "--data-dir", tmp_path / "nowhere")
    assert ended.code == 1
    assert "nowhere" in ended.err
    assert not (tmp_path / "nowhere").exists()


def test_a_target_that_cannot_be_written_is_named(run: Run, data_dir: Path, tmp_path: Path) -> None:
    ended = run("backup", tmp_path / "missing" / "copy.db", "--data-dir", data_dir)
    assert ended.code == 1
    assert "cannot be written" in ended.err


def test_a_name_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    with pytest.raises(backup.BackupFailed, match="appeared meanwhile"), backup.appearing(target, force=False):
        target.write_text("precious")
    assert target.read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["copy.db"]


def test_the_key_of_stored_secrets_is_remembered(run: Run, data_dir: Path, tmp_path: Path) -> None:
    (data_dir / "secret.key").touch()
    assert "secret.key" in run("backup", tmp_path / "copy.db", "--data-dir", data_dir).err


def test_postgresql_without_its_tools_says_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNWRIGHT_DATABASE_URL", "postgresql://user:hunter2@db/runwright")
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = run("backup", tmp_path / "copy.dump")
    assert ended.code == 1
    assert "pg_dump --format=custom" in ended.err
    assert not (tmp_path / "copy.dump").exists()


def test_pg_dump_gets_the_password_by_its_environment(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(
        '#!/bin/sh\nfor a in "$@"; do case "$a" in --file=*) echo "$PGPASSWORD $@" > "${a#--file=}";; esac; done\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("RUNWRIGHT_DATABASE_URL", "postgresql://user:hunter2@db/runwright")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    ended = run("backup", tmp_path / "copy.dump")
    assert ended.code == 0, ended.err
    password, arguments = (tmp_path / "copy.dump").read_text().split(" ", 1)
    assert password == "hunter2"
    assert "--dbname=postgresql://user@db/runwright" in arguments
    assert "hunter2" not in arguments


def test_a_failing_pg_dump_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho 'server version mismatch' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(backup.BackupFailed, match="server version mismatch"):
        backup.dump_postgres("postgresql://db/runwright", tmp_path / "copy.dump")


def test_stored_files_are_told_of_or_copied(run: Run, data_dir: Path, tmp_path: Path) -> None:
    stored = data_dir / "files" / "org" / "ab" / "abcdef-1"
    stored.parent.mkdir(parents=True)
    stored.write_text("content")
    stored.with_name(".being-written").write_text("half")
    ended = run("backup", tmp_path / "one.db", "--data-dir", data_dir)
    assert "copy them with --files" in ended.err
    for name, count in (("two.db", 1), ("three.db", 0)):
        ended = run("backup", tmp_path / name, "--files", tmp_path / "kept", "--data-dir", data_dir)
        assert f"Files: {count} new ones copied." in ended.err
    found = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert [path.relative_to(tmp_path / "kept").as_posix() for path in found] == ["org/ab/abcdef-1"]
    assert found[0].read_text() == "content"

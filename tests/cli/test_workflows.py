"""``runwright workflows``, on a folder that was empty."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SOURCE = """\
version: 1
name: Hello
blocks:
  a: {type: template, text: hello}   # a comment
triggers:
  api: {enabled: true, concurrency: parallel}
"""


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    path = tmp_path / "hello.yaml"
    path.write_text(SOURCE)
    return path


def listed(run: Run, *options: str) -> list[dict[str, object]]:
    return list(json.loads(run("workflows", "list", "--json", *options).out))


def test_import_prints_the_id_alone(run: Run, hello: Path) -> None:
    ended = run("workflows", "import", hello)
    assert ended.code == 0
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n", ended.out)
    (workflow,) = listed(run)
    assert (workflow["id"], workflow["publishedVersion"]) == (ended.out.strip(), 1)


def test_import_with_an_id_makes_a_new_version(run: Run, hello: Path) -> None:
    workflow_id = run("workflows", "import", hello).out.strip()
    hello.write_text(SOURCE.replace("name: Hello", "name: Second"))
    assert run("workflows", "import", hello, "--id", workflow_id).out == f"{workflow_id}\n"
    assert run("workflows", "import", hello, "--id", workflow_id, "--draft").code == 0
    (workflow,) = listed(run)
    assert (workflow["name"], workflow["publishedVersion"], workflow["latestVersion"]) == ("Second", 2, 3)


def test_mistakes_are_told_with_file_line_and_column(run: Run, tmp_path: Path, hello: Path) -> None:
    hello.write_text(SOURCE.replace("template", "tmplate").replace("api:", "apy:"))
    for command in ("import", "validate"):
        ended = run("workflows", command, hello)
        assert (ended.code, ended.out) == (2, "")
        first, second = ended.err.splitlines()
        assert first == f"{hello}:4:13: there is no block type 'tmplate'; did you mean 'template'?"
        assert second.startswith(f"{hello}:6:3: ")
    assert not (tmp_path / ".data").exists()


def test_a_file_that_is_not_there_is_a_wrong_use(run: Run) -> None:
    ended = run("workflows", "import", "nowhere.yaml")
    assert ended.code == 2
    assert "nowhere.yaml cannot be read" in ended.err


def test_export_prints_what_was_imported(run: Run, hello: Path, tmp_path: Path) -> None:
    workflow_id = run("workflows", "import", hello).out.strip()
    target = tmp_path / "out.yaml"
    assert run("workflows", "export", workflow_id, "-o", target).code == 0
    assert target.read_text() == SOURCE
    assert run("workflows", "export", workflow_id, "--version", "7").code == 1
    assert run("workflows", "export", "unknown").code == 1


def test_a_workflow_without_project(run: Run, hello: Path) -> None:
    workflow_id = run("workflows", "import", hello, "--no-project").out.strip()
    assert listed(run)[0]["projectId"] is None
    assert run("workflows", "move", workflow_id, "--project", "Default").code == 0
    assert listed(run)[0]["projectId"] is not None
    assert run("workflows", "move", workflow_id).code == 2
    assert run("workflows", "import", hello, "--no-project", "--project", "Default").code == 2


def test_workflows_of_another_organization(run: Run, hello: Path) -> None:
    run("admin", "users", "create", "ann@example.com")
    run("admin", "orgs", "create", "Acme", "--owner", "ann@example.com")
    workflow_id = run("workflows", "import", hello, "--org", "Acme", "--no-project").out.strip()
    assert listed(run) == []
    assert [workflow["id"] for workflow in listed(run, "--org", "Acme")] == [workflow_id]
    assert run("workflows", "import", hello, "--id", workflow_id).code == 0


def test_several_files_are_checked(run: Run, hello: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_bytes(b"name: \xff")
    assert run("workflows", "validate", hello).code == 0
    ended = run("workflows", "validate", hello, wrong)
    assert ended.code == 2
    assert f"{wrong}:1:7: the file is not UTF-8" in ended.err

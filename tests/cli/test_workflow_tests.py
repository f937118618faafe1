"""``runwright workflows test``: a file's own tests, run without a server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runwright.workflows.definition import WorkflowFileError
from runwright.workflows.parser import parse

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "tested.yaml"

WRONG = """\
version: 1
name: Wrong expectations
blocks:
  greet: {type: template, text: "hello"}
  loud: {type: template, needs: [greet], text: "{{ blocks.greet.output | upper }}"}
tests:
  - name: what differs is said
    stubs: {greet: "{{ not looked up }}"}
    expect:
      status: failed
      blocks: {greet: skipped, loud: {output: HELLO, contains: Z}}
"""


def run(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "runwright"), "workflows", "test", str(file), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_the_example_passes(tmp_path: Path) -> None:
    ended = run(EXAMPLE, "--junit", str(tmp_path / "results.xml"))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.endswith("3 passed, 0 failed\n")
    suite = ElementTree.parse(tmp_path / "results.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "0")
    assert next(case.get("name") for case in suite) == "what is urgent is paged"


def test_what_differs_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG)
    ended = run(file, "--junit", str(tmp_path / "results.xml"))
    assert ended.returncode == 1
    for line in (
        "FAILED  what differs is said",
        "the execution is completed, not failed",
        "block greet: is completed, not skipped",
        "block loud: its output is '{{ NOT LOOKED UP }}', not 'HELLO'",
        "block loud: its output does not contain 'Z'",
        "0 passed, 1 failed",
    ):
        assert line in ended.stdout
    failure = ElementTree.parse(tmp_path / "results.xml").getroot().find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "the execution is completed, not failed"


def test_a_file_without_tests(tmp_path: Path) -> None:
    file = tmp_path / "none.yaml"
    file.write_text(WRONG.partition("tests:")[0])
    ended = run(file)
    assert ended.returncode == 2
    assert "has no tests" in ended.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("tests: {a: 1}", "must be a list"),
        ("tests: [1]", "a test is a mapping"),
        ("tests: [{inputs: {}}]", "'name' is missing"),
        ("tests: [{name: a, stub: {}}]", "unknown field 'stub'"),
        ("tests: [{name: a, stubs: {nobody: b}}]", "there is no block 'nobody'"),
        ("tests: [{name: a, expect: {status: done}}]", "a status is one of"),
        ("tests: [{name: a, reviews: {greet: maybe}}]", "approve or reject"),
    ],
)
def test_mistakes_name_their_line(line: str, words: str) -> None:
    with pytest.raises(WorkflowFileError) as caught:
        parse(WRONG.partition("tests:")[0] + line)
    assert words in caught.value.problems[0].message
    assert caught.value.problems[0].line == 6

"""Two versions and two models on the same recorded inputs, and tests that are made of runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from runwright.cli import build
from runwright.integrations.http.fake import FakeServer, Reply
from runwright.integrations.llm.fake_server import FakeModelServer, Say

WORKFLOW = """\
version: 1
name: Digest
blocks:
  issues: {{type: http, url: "{url}/issues"}}
  digest: {{type: agent, needs: [issues], prompt: "Sum up: {{{{ blocks.issues.output }}}}"}}
tests:
  - name: they are summed up
    expect: {{blocks: {{digest: {{contains: issues}}}}}}
"""


class Place:
    """A folder with a recorded workflow, and what it asks."""

    def __init__(self, folder: Path, server: FakeServer, models: FakeModelServer) -> None:
        self.file, self.server, self.models = folder / "digest.yaml", server, models
        self.file.write_text(WORKFLOW.format(url=server.url))

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(build("workflows"), ["workflows", *arguments])

    def compared(self, *arguments: str) -> list[dict[str, object]]:
        listed: list[dict[str, object]] = json.loads(self.run("compare", *arguments, "--json").stdout)
        return listed


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    answers = (Say("Two issues."), Say("Two issues, said otherwise."))
    with FakeServer(lambda seen: Reply.of([1, 2])) as server, FakeModelServer(*answers) as models:
        monkeypatch.setenv("RUNWRIGHT_HTTP__ALLOW_HOSTS", "127.0.0.1")
        monkeypatch.setenv("RUNWRIGHT_MODELS__COMPATIBLE_BASE_URL", models.openai_url)
        monkeypatch.setenv("RUNWRIGHT_MODELS__DEFAULT", "compatible:small")
        monkeypatch.setenv("RUNWRIGHT_LOG__LEVEL", "error")
        made = Place(tmp_path, server, models)
        assert made.run("test", str(made.file), "--record").exit_code == 0
        yield made


def test_another_prompt_is_asked_and_the_rest_replayed(place: Place) -> None:
    other = place.file.with_name("other.yaml")
    other.write_text(place.file.read_text().replace("Sum up:", "Sum up briefly:"))
    first, second = place.compared(str(place.file), str(other), "--live")
    assert first["answers"] == {"replayed": 2, "asked": 0}
    assert second["answers"] == {"replayed": 1, "asked": 1}
    assert second["differs"] == {
        "digest": ["--- first", "+++ this", "@@ -1 +1 @@", "-Two issues.", "+Two issues, said otherwise."]
    }
    assert len(place.server.seen) == 1


def test_nothing_is_asked_unless_it_is_said(place: Place) -> None:
    asked = place.models.calls
    ended = place.run("compare", str(place.file), "--model", "compatible:small", "--model", "compatible:large")
    assert ended.exit_code == 1
    assert "is not recorded for the test 'they are summed up'" in ended.stdout
    assert "--live" in ended.stdout
    assert place.models.calls == asked


def test_what_a_comparison_asked_is_kept_for_the_next(place: Place) -> None:
    models = ("--model", "compatible:small", "--model", "compatible:large")
    first = place.compared(str(place.file), *models, "--record")
    assert [line["answers"] for line in first] == [{"replayed": 2, "asked": 0}, {"replayed": 1, "asked": 1}]
    again = place.compared(str(place.file), *models)
    assert [line["answers"] for line in again] == [{"replayed": 2, "asked": 0}] * 2
    assert [line["tokens"] for line in again] == [{"input": 1000, "output": 100}] * 2
    assert place.run("test", str(place.file)).exit_code == 0


def test_cases_can_be_a_list_of_inputs(place: Place) -> None:
    inputs = place.file.with_name("inputs.json")
    inputs.write_text('[{"who": "customers"}, {}]')
    listed = place.compared(str(place.file), str(place.file), "--inputs", str(inputs), "--live")
    assert [line["case"] for line in listed] == ["input 1", "input 1", "input 2", "input 2"]


def test_one_file_is_nothing_to_compare(place: Place) -> None:
    ended = place.run("compare", str(place.file))
    assert ended.exit_code == 2
    assert "nothing to compare" in ended.stderr

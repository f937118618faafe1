"""Record and replay: what servers and models answered once, a workflow's tests get again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from runwright.cli.bench.testing import Outcome, Suite, run_tests
from runwright.config import HttpSettings, ModelSettings, Settings
from runwright.integrations.http.fake import FakeServer, Reply, Seen
from runwright.integrations.llm.fake_server import FakeModelServer, Give, Say
from runwright.recordings import tape
from runwright.recordings.player import Mode
from runwright.recordings.tape import RecordingsError
from runwright.workflows.parser import prepare

WORKFLOW = """\
version: 1
name: Digest
inputs: {{password: {{default: hunter2-secret}}}}
blocks:
  login:
    type: http
    method: POST
    url: "{url}/login"
    json: {{user: bot, password: "{{{{ password }}}}"}}
  issues:
    type: http
    needs: [login]
    url: "{url}/issues?access_token={{{{ blocks.login.output.access_token }}}}"
    headers: {{Authorization: "Bearer {{{{ blocks.login.output.access_token }}}}"}}
  digest:
    type: agent
    needs: [issues]
    prompt: "Sum up: {{{{ blocks.issues.output }}}}"
  rating:
    type: agent
    needs: [digest]
    model: compatible:large
    prompt: "How good is it?"
    output: {{type: object, properties: {{stars: {{type: integer}}}}, required: [stars]}}
tests:
  - name: the issues are summed up
    expect:
      blocks: {{digest: {{output: Two issues.}}, rating: {{contains: '"stars":4'}}}}
"""


def serve(seen: Seen) -> Reply:
    """A server with a login; its token must never be written anywhere."""
    if seen.path == "/login":
        return Reply(
            body=b'{"access_token": "very-private-token", "expires": 60}',
            headers={"content-type": "application/json", "set-cookie": "session=cookie-secret"},
        )
    assert seen.headers["authorization"] == "Bearer very-private-token"
    return Reply.of([{"id": 1}, {"id": 2}])


@dataclass
class Outside:
    """The file, and what it asks."""

    file: Path
    server: FakeServer
    models: FakeModelServer

    @property
    def settings(self) -> Settings:
        return Settings(
            http=HttpSettings(allow_hosts=frozenset({"127.0.0.1"})),
            models=ModelSettings(
                default="compatible:small",
                compatible_base_url=self.models.openai_url,
                compatible_api_key="sk-nobody",
            ),
        )

    def run(self, mode: Mode = Mode.REPLAY, *, settings: Settings | None = None) -> Outcome:
        suite = Suite(self.file, prepare(self.file.read_bytes()), mode=mode, seconds=30)
        return run_tests(suite, settings or self.settings)[0]

    @property
    def recordings(self) -> str:
        return tape.path_beside(self.file).read_text()


@pytest.fixture
def outside(tmp_path: Path):
    file = tmp_path / "digest.yaml"
    with FakeServer(serve) as server, FakeModelServer(Say("Two issues."), Give({"stars": 4})) as models:
        file.write_text(WORKFLOW.format(url=server.url))
        yield Outside(file, server, models)


def test_what_was_recorded_is_played_without_a_server_model_or_key(outside: Outside) -> None:
    recorded = outside.run(Mode.RECORD)
    assert recorded.differences == []
    assert (recorded.tally.asked, recorded.tally.unpriced) == (4, 2)
    asked = len(outside.server.seen), outside.models.calls
    replayed = outside.run(settings=Settings())
    assert replayed.differences == []
    assert (replayed.tally.replayed, replayed.tally.asked, replayed.unused) == (4, 0, 0)
    assert (len(outside.server.seen), outside.models.calls) == asked


def test_secrets_are_not_in_the_recording(outside: Outside) -> None:
    outside.run(Mode.RECORD)
    for secret in ("very-private-token", "hunter2-secret", "cookie-secret", "sk-nobody"):
        assert secret not in outside.recordings
    assert "[secret access_token]" in outside.recordings
    assert "Authorization" not in outside.recordings


def test_a_recording_can_be_read_and_is_the_same_twice(outside: Outside) -> None:
    outside.run(Mode.RECORD)
    read = yaml.safe_load(outside.recordings)["tests"]["the issues are summed up"]
    assert [entry["block"] for entry in read["answers"]] == ["login", "issues", "digest", "rating"]
    assert read["default_model"] == "compatible:small"
    assert read["answers"][2]["response"]["parts"][0]["content"] == "Two issues."


def test_what_is_not_recorded_fails_and_says_how_to_record_it(outside: Outside) -> None:
    outside.run(Mode.RECORD)
    outside.file.write_text(outside.file.read_text().replace("Sum up:", "Sum up briefly:"))
    outcome = outside.run()
    said = outcome.differences[0]
    assert 'Block "digest" failed' in said
    assert "is not recorded for the test 'the issues are summed up'" in said
    assert f"runwright workflows test {outside.file} --record --only" in said


def test_without_a_recording_nothing_goes_out(outside: Outside) -> None:
    outcome = outside.run()
    assert 'Block "login" failed' in outcome.differences[0]
    assert "no http answer is recorded" in outcome.differences[0]
    assert outside.server.seen == []


def test_recordings_that_cannot_be_read_are_told(outside: Outside) -> None:
    tape.path_beside(outside.file).write_text("version: 2\n")
    with pytest.raises(RecordingsError, match="record anew"):
        outside.run()


ANSWERS = """\
version: 1
name: Judged
blocks:
  judge:
    type: agent
    model: openai:gpt-5
    prompt: How urgent?
    output: {type: object, properties: {urgency: {type: string, enum: [high, low]}}, required: [urgency]}
    checks:
      - if: "output.urgency == 'high'"
        message: It is urgent.
tests:
  - name: a bad answer is asked again
    answers: {judge: [{urgency: low}, {urgency: high}]}
    expect: {blocks: {judge: {output: '{"urgency":"high"}'}}}
  - name: answers run out
    answers: {judge: {urgency: low}}
    expect: {status: failed, blocks: {judge: {error: "has 1 answers for 'judge', and one more was asked for"}}}
"""


def test_answers_that_the_test_gives_pass_schema_and_checks(tmp_path: Path) -> None:
    file = tmp_path / "judged.yaml"
    file.write_text(ANSWERS)
    outcomes = run_tests(Suite(file, prepare(file.read_bytes()), seconds=30), Settings())
    assert [outcome.differences for outcome in outcomes] == [[], []], json.dumps(outcomes, default=str)
    assert not tape.path_beside(file).exists()

"""``runwright trigger`` and ``runwright status`` against a server that answers from a list."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from runwright.cli import following

from .conftest import Ended, Run
from .fake_server import FakeServer, Reply, serving

ID = "0190a4c2-0000-7000-8000-000000000001"
ACCEPTED = Reply({"success": True, "executionId": ID})


def status(state: str, *, blocks: dict[str, str] | None = None, **more: Any) -> Reply:
    shown = {key: {"status": value, "output": None, "error": None} for key, value in (blocks or {}).items()}
    done = sum(value in {"completed", "skipped"} for value in (blocks or {}).values())
    body = {
        "id": ID,
        "status": state,
        "workflowName": "Release notes",
        "blockCount": len(shown),
        "completedBlocks": done,
        "error": None,
        "cancelReason": None,
        "state": {"blocks": shown},
        **more,
    }
    return Reply(body, etag=f'"{state}-{done}"')


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_PAUSE", 0.01)


@pytest.fixture
def against(run: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command against a server with these replies; answers how it ended and the server."""

    def call(arguments: list[str], *replies: Reply) -> tuple[Ended, FakeServer]:
        with serving(*replies) as server:
            monkeypatch.setenv("RUNWRIGHT_URL", server.url)
            monkeypatch.setenv("RUNWRIGHT_API_KEY", "rw_secret")
            return run(*arguments), server

    return call


def test_trigger_sends_the_inputs_and_prints_the_id_alone(against: Any) -> None:
    ended, server = against(["trigger", "w1", "-i", "tag=v1", "-i", "note=a=b"], ACCEPTED)
    assert (ended.code, ended.out) == (0, ID + "\n")
    (request,) = server.seen
    assert (request.method, request.path) == ("POST", "/api/workflows/w1/trigger")
    assert json.loads(request.body) == {"tag": "v1", "note": "a=b"}
    assert request.headers["x-api-key"] == "rw_secret"
    assert request.headers["content-type"] == "application/json"


def test_inputs_come_from_a_file_or_standard_input_too(
    against: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "payload.json"
    file.write_text('{"tag": "v0", "audience": "customers"}')
    _, server = against(["trigger", "w1", "-f", str(file), "-i", "tag=v1"], ACCEPTED)
    assert json.loads(server.seen[0].body) == {"tag": "v1", "audience": "customers"}
    monkeypatch.setattr("sys.stdin", io.StringIO('{"tag": "v2"}'))
    _, server = against(["trigger", "w1", "-f", "-"], ACCEPTED)
    assert json.loads(server.seen[0].body) == {"tag": "v2"}


@pytest.mark.parametrize(("final", "code"), [("completed", 0), ("skipped", 0), ("failed", 1), ("cancelled", 1)])
def test_wait_prints_the_final_status_and_ends_with_its_code(against: Any, final: str, code: int) -> None:
    ended, _ = against(["trigger", "w1", "--wait"], ACCEPTED, status("running"), status(final))
    assert ended.code == code
    assert json.loads(ended.out)["status"] == final


def test_progress_goes_to_standard_error(against: Any) -> None:
    ended, _ = against(
        ["trigger", "w1", "--wait"],
        ACCEPTED,
        status("pending", blocks={"commits": "pending", "notes": "pending"}),
        status("running", blocks={"commits": "completed", "notes": "running"}),
        status("completed", blocks={"commits": "completed", "notes": "completed"}),
    )
    said = ended.err.splitlines()
    assert "  [1/2] commits completed" in said
    assert "  [1/2] notes running" in said
    assert "  [2/2] notes completed" in said
    assert said[-1] == "Release notes: completed"


def test_the_wait_is_a_long_poll_that_names_what_was_seen(against: Any) -> None:
    _, server = against(
        ["status", ID, "--wait"], status("running"), Reply(status=304, etag='"running-0"'), status("completed")
    )
    assert [request.path for request in server.seen] == [
        f"/api/executions/{ID}",
        f"/api/executions/{ID}?wait=30",
        f"/api/executions/{ID}?wait=30",
    ]
    assert [request.headers.get("if-none-match") for request in server.seen] == [None, '"running-0"', '"running-0"']


def test_a_review_past_the_timeout_is_exit_code_3(against: Any) -> None:
    waiting = status("review_pending", blocks={"notes": "review_pending"})
    ended, _ = against(["trigger", "w1", "--wait", "--timeout", "0.05"], ACCEPTED, waiting)
    assert ended.code == 3
    assert json.loads(ended.out)["status"] == "review_pending"
    assert "notes waits for a person's decision" in ended.err


def test_a_restart_of_the_server_is_waited_out(against: Any) -> None:
    ended, _ = against(
        ["status", ID, "--wait"],
        status("running"),
        Reply(drop=True),
        Reply({"success": False, "error": "restarting"}, status=503),
        status("completed"),
    )
    assert ended.code == 0
    assert "trying again" in ended.err


def test_a_lost_answer_is_asked_for_again_with_the_same_idempotency_key(against: Any) -> None:
    ended, server = against(["trigger", "w1"], Reply(drop=True), ACCEPTED)
    assert ended.out == ID + "\n"
    first, second = server.seen
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


def test_the_callers_own_idempotency_key_is_sent(against: Any) -> None:
    _, server = against(["trigger", "w1", "--idempotency-key", "build-17"], ACCEPTED)
    assert server.seen[0].headers["idempotency-key"] == "build-17"


def test_a_refusal_is_told_in_the_servers_words(against: Any) -> None:
    refusal = {"success": False, "error": "Unexpected fields in payload", "details": {"fields": ["foo", "bar"]}}
    ended, server = against(["trigger", "w1", "-i", "foo=1"], Reply(refusal, status=500))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "Error: Unexpected fields in payload: foo, bar\n"
    assert len(server.seen) == 1


def test_an_answer_of_something_else_is_no_traceback(against: Any) -> None:
    ended, _ = against(["status", ID], Reply([1, 2]))
    assert ended.code == 1
    assert "is the address right?" in ended.err
    ended, _ = against(["status", ID], Reply("page", status=404))
    assert ended.err.startswith("Error: The server answered 404")


def test_status_prints_json_and_ends_with_0_whatever_it_is(against: Any) -> None:
    ended, _ = against(["status", ID], status("failed"))
    assert ended.code == 0
    assert json.loads(ended.out)["id"] == ID


def test_interrupting_tells_how_to_go_on(against: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(following.Follower, "follow", interrupted)
    ended, _ = against(["trigger", "w1", "--wait"], ACCEPTED)
    assert ended.code == 130
    assert f"runwright status {ID} --wait" in ended.err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["trigger", "w1", "-i", "novalue"], "NAME=VALUE"),
        (["trigger", "w1", "-i", "=x"], "NAME=VALUE"),
        (["trigger", "w1", "-f", "missing.json"], "cannot be read"),
        (["trigger", "w1", "-f", "list.json"], "JSON object"),
        (["trigger", "w1", "-f", "broken.json"], "not JSON"),
        (["trigger"], "Missing argument"),
    ],
)
def test_wrong_use_is_exit_code_2(run: Run, tmp_path: Path, arguments: list[str], word: str) -> None:
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "broken.json").write_bytes(b"\xff{")
    ended = run(*arguments)
    assert ended.code == 2
    assert word in ended.err


def test_a_missing_key_or_a_wrong_address_is_exit_code_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = run("status", ID)
    assert ended.code == 2
    assert "runwright keys create" in ended.err
    monkeypatch.setenv("RUNWRIGHT_API_KEY", "rw_secret")
    monkeypatch.setenv("RUNWRIGHT_URL", "localhost:8700")
    assert run("status", ID).code == 2
    monkeypatch.setenv("RUNWRIGHT_URL", "file:///etc/passwd")
    assert run("status", ID).code == 2

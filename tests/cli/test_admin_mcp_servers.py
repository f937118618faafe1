"""``runwright admin mcp-servers``."""

from __future__ import annotations

import json

import pytest

from .conftest import Run

ADD = ("admin", "mcp-servers", "add")


def test_a_server_is_added_listed_and_deleted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_KEY", "s3cret-value")
    made = run(*ADD, "tracker", "--url", "https://mcp.example.com/mcp", "--secret", "X-Api-Key=TRACKER_KEY")
    assert made.code == 0, made.err
    listed = run("admin", "mcp-servers", "list", "--json")
    (row,) = json.loads(listed.out)
    assert (row["id"], row["place"], row["secrets"]) == (made.out.strip(), "https://mcp.example.com/mcp", "X-Api-Key")
    assert "s3cret-value" not in made.out + made.err + listed.out
    assert run("admin", "mcp-servers", "delete", "tracker", "--yes").code == 0
    assert run("admin", "mcp-servers", "delete", "tracker", "--yes").code == 1


def test_what_is_not_allowed_or_not_there_is_told(run: Run) -> None:
    refused = run(*ADD, "local", "--command", "bash")
    assert (refused.code, "RUNWRIGHT_MCP__STDIO_COMMANDS" in refused.err) == (1, True)
    assert run(*ADD, "nowhere").code == 2
    unset = run(*ADD, "tracker", "--url", "https://x.example", "--secret", "LOST")
    assert (unset.code, "no variable LOST" in unset.err) == (2, True)

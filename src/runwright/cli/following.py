"""Following an execution to its end: progress for people, and the exit code for scripts."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import typer

from runwright.cli import common
from runwright.cli.client import Answer, Client, Unreachable

UNFINISHED = 3
"""Exit code: when the time was over it still waited for a review, or ran."""
INTERRUPTED = 130
EXIT_CODES = {"completed": 0, "skipped": 0, "failed": 1, "cancelled": 1}

_LONGEST_POLL = 30
_PAUSE = 1.0
_PATIENCE = 60.0
"""Seconds of silence after which the server is given up; a restart takes less."""

Say = Callable[[str], None]


def finish(client: Client, execution_id: str, *, timeout: float | None) -> None:
    """Follow the execution, print its status object on standard output, and end with the exit code for it.

    Raises:
        typer.Exit: always; with 0 for completed and skipped, 1 for failed and cancelled, 3 when it is not finished
            after ``timeout`` seconds, 130 when interrupted.
    """
    try:
        status = Follower(client, execution_id, say=common.note).follow(timeout=timeout)
    except KeyboardInterrupt:
        common.note(f"It goes on without you. To follow it again: runwright status {execution_id} --wait")
        raise typer.Exit(INTERRUPTED) from None
    show(status)
    if status["status"] not in EXIT_CODES:
        common.note(f"Not finished within {timeout:g} s. To go on: runwright status {execution_id} --wait")
    raise typer.Exit(EXIT_CODES.get(status["status"], UNFINISHED))


def show(status: dict[str, Any]) -> None:
    """Print a status object as JSON on standard output."""
    print(json.dumps(status, ensure_ascii=False, indent=2))


class Follower:
    """Asks for the status again and again, as seldom as the server lets it, and tells what changed."""

    def __init__(self, client: Client, execution_id: str, *, say: Say) -> None:
        self._client = client
        self._id = execution_id
        self._say = say
        self._progress = Progress(say)

    def follow(self, *, timeout: float | None) -> dict[str, Any]:
        """Wait until the execution is settled, ``timeout`` seconds at most; answers the last status seen.

        Raises:
            ClientError: the server refused.
            Unreachable: the server has been silent for a minute.
        """
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        answer = self._ask(wait=0, etag=None)
        status = answer.body or {}
        while True:
            self._progress.show(status)
            left = deadline - time.monotonic()
            if status["status"] in EXIT_CODES or left <= 0:
                return status
            answer = self._next(answer, left=left)
            status = answer.body or status

    def _next(self, last: Answer, *, left: float) -> Answer:
        wait = int(min(left, _LONGEST_POLL))
        asked = time.monotonic()
        answer = self._ask(wait=wait, etag=last.etag)
        took = time.monotonic() - asked
        unchanged = answer.body is None or answer.body == last.body
        if unchanged and took < _PAUSE:
            # A server, or a last fraction of a second, without waiting: do not ask in a tight loop.
            time.sleep(min(_PAUSE - took, left))
        return answer

    def _ask(self, *, wait: int, etag: str | None) -> Answer:
        silent_since = 0.0
        while True:
            try:
                return self._client.status(self._id, wait=wait, etag=etag)
            except Unreachable as error:
                if not silent_since:
                    silent_since = time.monotonic()
                    self._say(f"  {error}; trying again for a minute")
                if time.monotonic() - silent_since > _PATIENCE:
                    raise
                time.sleep(_PAUSE)


@dataclass
class Progress:
    """Says what is new in each status object, a line for each change."""

    say: Say
    _blocks: dict[str, str] = field(default_factory=dict)
    _status: str = ""

    def show(self, status: dict[str, Any]) -> None:
        """Tell what differs from the status shown before."""
        counts = f"{status['completedBlocks']}/{status['blockCount']}"
        for key, block in status["state"]["blocks"].items():
            if block["status"] != self._blocks.get(key, "pending"):
                self._blocks[key] = block["status"]
                self.say(f"  [{counts}] {key} {_told(block)}")
        if status["status"] != self._status:
            self._status = status["status"]
            self.say(_headline(status))


def _told(block: dict[str, Any]) -> str:
    told = str(block["status"]).replace("_", " ")
    why = block.get("error") or block.get("reason")
    return f"{told}: {why}" if why else told


def _headline(status: dict[str, Any]) -> str:
    told = str(status["status"]).replace("_", " ")
    why = status.get("error") or status.get("cancelReason")
    if status["status"] == "review_pending":
        waiting = [key for key, block in status["state"]["blocks"].items() if block["status"] == "review_pending"]
        why = f"{', '.join(waiting)} waits for a person's decision (runwright reviews)"
    return f"{status['workflowName']}: {told}" + (f" ({why})" if why else "")

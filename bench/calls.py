"""What the process that makes the calls is told, and what it answers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil


class BenchFailed(Exception):
    """Nothing was measured; the text says why."""


@dataclass(frozen=True, slots=True)
class Load:
    """Calls to one server, each caller on a connection of its own that stays open.

    ``total`` calls are made, or as many as ``seconds`` allow. With ``follow``, a request that has ``{id}`` for the
    execution's id, a call is a trigger and the wait for the end of what it started.
    """

    port: int
    callers: int
    request: str
    total: int | None = None
    seconds: float | None = None
    follow: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the calls went; times in seconds."""

    calls: int
    elapsed: float
    p50: float
    p99: float
    started_at: float
    """When the first call was sent, in Unix time."""

    @property
    def rate(self) -> float:
        """Calls per second."""
        return self.calls / self.elapsed


def request(method: str, path: str, *, key: str, body: str = "") -> str:
    """An HTTP request as it goes over the wire, in ASCII."""
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"x-api-key: {key}"]
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", body])


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not pass (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def make_calls(load: Load) -> Outcome:
    """Make the calls from a process of their own, so that they do not wait for the measuring one.

    Raises:
        BenchFailed: a call was not answered with 200.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "bench.caller"], input=json.dumps(asdict(load)), capture_output=True, text=True
    )
    if ended.returncode != 0:
        raise BenchFailed(f"the calls failed: {ended.stderr.strip()}")
    return Outcome(**json.loads(ended.stdout))

"""The least that each figure could be on this machine, measured in the same run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.calls import Load, Outcome, make_calls, request
from bench.commits import Commits, Floor, connected
from bench.processes import Running, free_port, plain_environment, running
from bench.sizes import Sizes

CALLERS = (1, 10, 50)
MANY = CALLERS[-1]

COMMITS = "7 commits"
SHARED = f"7 commits shared by {MANY}"
BARE = "bare route"
BARE_SERVER = "bare server"


@dataclass(frozen=True, slots=True)
class Place:
    """Where commits are made: on the disk, or in the PostgreSQL, that the server uses."""

    folder: Path
    database_url: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the server answered to one trigger and one question: the bare route answers the same bytes."""

    accepted: bytes
    status: bytes


@dataclass(frozen=True, slots=True)
class Floors:
    """What the figures are compared with."""

    commits: Floor
    shared: Floor
    triggers: dict[int, Outcome]
    """By number of callers."""
    statuses: dict[int, Outcome]
    memory_mb: float
    start_seconds: float
    start_cpu_seconds: float
    idle_cpu_percent: float


def measure(place: Place, *, answers: Answers, sizes: Sizes) -> Floors:
    """Measure all floors."""
    with connected(place.folder, database_url=place.database_url) as cursor:
        commits = Commits(cursor, mark="?" if place.database_url is None else "%s")
        alone = commits.measure(sizes.floor_seconds)
        shared = commits.measure(sizes.floor_seconds, together=MANY)
    with _bare(place.folder, answers) as bare:
        memory, idle = bare.memory_mb(), bare.idle_cpu_percent(sizes.idle_seconds)
        trigger = request("POST", "/trigger", key="key", body="{}")
        status = request("GET", "/status", key="key")
        triggers = {callers: _calls(bare, trigger, callers, sizes) for callers in CALLERS}
        statuses = {callers: _calls(bare, status, callers, sizes) for callers in (1, MANY)}
    return Floors(
        commits=alone,
        shared=shared,
        triggers=triggers,
        statuses=statuses,
        memory_mb=memory,
        start_seconds=bare.start_seconds,
        start_cpu_seconds=bare.start_cpu_seconds,
        idle_cpu_percent=idle,
    )


def _calls(bare: Running, request: str, callers: int, sizes: Sizes) -> Outcome:
    return make_calls(Load(port=bare.port, callers=callers, request=request, seconds=sizes.seconds))


@contextmanager
def _bare(folder: Path, answers: Answers) -> Iterator[Running]:
    accepted, status = folder / "accepted.json", folder / "status.json"
    accepted.write_bytes(answers.accepted)
    status.write_bytes(answers.status)
    port = free_port()
    command = [sys.executable, "-m", "bench.bare", str(port), str(accepted), str(status)]
    with running(command, port=port, environment=plain_environment(folder), log=folder / "bare.log") as bare:
        yield bare

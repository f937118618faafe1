"""What is measured of the server, each as a function that answers figures."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from statistics import median

from bench import floors
from bench.calls import BenchFailed, Load, Outcome, make_calls
from bench.floors import BARE, BARE_SERVER, CALLERS, COMMITS, MANY, SHARED, Answers, Floors
from bench.installation import Installation, Product
from bench.processes import Running
from bench.report import Figure
from bench.sizes import Sizes

MILLI = 1000


@dataclass(frozen=True, slots=True)
class Idle:
    """A server that nobody has called yet."""

    memory_mb: float
    cpu_percent: float


@dataclass(frozen=True, slots=True)
class Burst:
    """Executions that were started as fast as many callers can, and ran meanwhile."""

    rate: float
    """Executions per second, from the first trigger to the last finish."""
    cpu: float
    """Processor seconds of the server for each."""
    p50: float
    """Seconds from an execution's creation to its finish, by its row."""
    accepting: Outcome


@dataclass(frozen=True, slots=True)
class Bench:
    """A running server with what is needed to measure it."""

    installation: Installation
    server: Running
    product: Product
    sizes: Sizes

    def calls(self, request: str, *, callers: int) -> Outcome:
        """The same call again and again for the usual time."""
        return make_calls(
            Load(port=self.server.port, callers=callers, request=request, seconds=self.sizes.seconds),
        )

    def followed(self, workflow_id: str, *, callers: int, total: int) -> Outcome:
        """Executions from their trigger to the answer that says they have finished."""
        follow = self.product.status("{id}", wait=True)
        trigger = self.product.trigger(workflow_id)
        return make_calls(
            Load(port=self.server.port, callers=callers, request=trigger, total=total, follow=follow),
        )

    def burst(self, workflow_id: str) -> Burst:
        """The burst of median rate."""
        bursts = sorted((self._burst(workflow_id) for _ in range(self.sizes.rounds)), key=lambda burst: burst.rate)
        return bursts[len(bursts) // 2]

    def _burst(self, workflow_id: str) -> Burst:
        total, trigger, before = self.sizes.burst, self.product.trigger(workflow_id), self.server.cpu_seconds()
        accepting = make_calls(Load(port=self.server.port, callers=MANY, request=trigger, total=total))
        self.installation.wait_until_idle()
        cpu = self.server.cpu_seconds() - before
        finished = self.installation.finished_since(accepting.started_at)
        if finished.completed != total:
            raise BenchFailed(f"{finished.completed} of {total} executions completed")
        rate = total / (finished.last_at - accepting.started_at)
        return Burst(rate=rate, cpu=cpu / total, p50=finished.p50, accepting=accepting)


def idle(server: Running, sizes: Sizes) -> Idle:
    """Look at a server before anybody calls it."""
    return Idle(memory_mb=server.memory_mb(), cpu_percent=server.idle_cpu_percent(sizes.idle_seconds))


def example(bench: Bench) -> tuple[str, Answers]:
    """Run one execution: its id, and what the two calls answered."""
    connection = http.client.HTTPConnection("127.0.0.1", bench.server.port, timeout=60)
    headers = {"x-api-key": bench.product.key}
    try:
        connection.request("POST", f"/api/workflows/{bench.product.instant}/trigger", body="{}", headers=headers)
        accepted = connection.getresponse().read()
        execution_id = json.loads(accepted)["executionId"]
        bench.installation.wait_until_idle()
        connection.request("GET", f"/api/executions/{execution_id}", headers=headers)
        return execution_id, Answers(accepted=accepted, status=connection.getresponse().read())
    finally:
        connection.close()


def executing(bench: Bench, least: Floors) -> list[Figure]:
    """Executions of both kinds of blocks; alone, in bursts, and with callers who wait for them."""
    product, figures = bench.product, []
    for kind, workflow_id in (("instant", product.instant), ("committed", product.committed)):
        bench.followed(workflow_id, callers=MANY, total=MANY)
        alone = bench.followed(workflow_id, callers=1, total=bench.sizes.alone)
        burst = bench.burst(workflow_id)
        loaded = bench.followed(workflow_id, callers=MANY, total=bench.sizes.burst)
        figures += _execution_figures(kind, least, alone=alone, burst=burst, loaded=loaded)
    return figures


def _execution_figures(kind: str, least: Floors, *, alone: Outcome, burst: Burst, loaded: Outcome) -> list[Figure]:
    one, many, bare = least.commits, least.shared, least.triggers[MANY]
    what, accepting = f"5 {kind} blocks", burst.accepting
    return [
        Figure(f"{what}: executions, burst", burst.rate, "/s", one.rate, COMMITS, "300"),
        Figure(f"{what}: the same burst", burst.rate, "/s", many.rate, SHARED),
        Figure(f"{what}: server CPU each", burst.cpu * MILLI, "ms", one.cpu * MILLI, COMMITS, "6"),
        Figure(f"{what}: p50 to finish, alone", alone.p50 * MILLI, "ms", one.p50 * MILLI, COMMITS),
        Figure(f"{what}: p50 to finish, in the burst", burst.p50 * MILLI, "ms", many.p50 * MILLI, SHARED),
        Figure(f"{what}: p50 to finish, {MANY} callers", loaded.p50 * MILLI, "ms", many.p50 * MILLI, SHARED),
        Figure(f"{what}: triggers meanwhile, {MANY} callers", accepting.rate, "/s", bare.rate, BARE),
        Figure(f"{what}: trigger p50 meanwhile", accepting.p50 * MILLI, "ms", bare.p50 * MILLI, BARE),
        Figure(f"{what}: trigger p99 meanwhile", accepting.p99 * MILLI, "ms", bare.p99 * MILLI, BARE, "100"),
    ]


def accepting(bench: Bench, least: Floors) -> list[Figure]:
    """Triggers of a server that does nothing else."""
    trigger = bench.product.trigger(bench.product.instant)
    return [
        figure
        for callers in CALLERS
        for figure in _call_figures("triggers", bench.calls(trigger, callers=callers), least.triggers, callers)
    ]


def looking(bench: Bench, least: Floors, execution_id: str) -> list[Figure]:
    """Status calls for a finished execution."""
    status = bench.product.status(execution_id)
    return [
        figure
        for callers in least.statuses
        for figure in _call_figures("status calls", bench.calls(status, callers=callers), least.statuses, callers)
    ]


def _call_figures(what: str, seen: Outcome, least: dict[int, Outcome], callers: int) -> list[Figure]:
    bare, who = least[callers], "1 caller" if callers == 1 else f"{callers} callers"
    return [
        Figure(f"{what}, {who}", seen.rate, "/s", bare.rate, BARE),
        Figure(f"{what}, {who}: p50", seen.p50 * MILLI, "ms", bare.p50 * MILLI, BARE),
        Figure(f"{what}, {who}: p99", seen.p99 * MILLI, "ms", bare.p99 * MILLI, BARE),
    ]


def standing(rest: Idle, *, loaded_mb: float, starts: list[Running], least: Floors) -> list[Figure]:
    """What the server takes while it stands, and to get there."""
    memory = least.memory_mb
    took = median(start.start_seconds for start in starts)
    cpu = median(start.start_cpu_seconds for start in starts)
    return [
        Figure("memory, idle", rest.memory_mb, "MB", memory, BARE_SERVER, "150"),
        Figure("memory, after the load", loaded_mb, "MB", memory, BARE_SERVER),
        Figure("CPU, idle", rest.cpu_percent, "% of a core", least.idle_cpu_percent, BARE_SERVER, "1"),
        Figure("start until ready", took, "s", least.start_seconds, BARE_SERVER),
        Figure("start until ready: CPU", cpu, "s", least.start_cpu_seconds, BARE_SERVER),
    ]


def commit_figures(least: Floors) -> list[Figure]:
    """The floors of executions themselves, so that other figures can be compared with them."""
    return [
        Figure(f"floor: {COMMITS}", least.commits.rate, "/s"),
        Figure(f"floor: {SHARED}", least.shared.rate, "/s"),
    ]


def run(installation: Installation, *, place: floors.Place, sizes: Sizes) -> list[Figure]:
    """Measure everything, in about a minute."""
    with installation.serving():
        pass  # The first start compiles modules and makes the database: another thing than starting.
    product, starts = installation.prepare(), []
    for _ in range(sizes.starts - 1):
        with installation.serving() as server:
            starts.append(server)
    with installation.serving() as server:
        starts.append(server)
        bench = Bench(installation, server, product, sizes)
        rest = idle(server, sizes)
        execution_id, answers = example(bench)
        least = floors.measure(place, answers=answers, sizes=sizes)
        figures = executing(bench, least) + looking(bench, least, execution_id)
        loaded_mb = server.memory_mb()
    # Nobody drives what is accepted here: the last thing that is done on this installation.
    with installation.serving("--no-worker") as server:
        figures += accepting(Bench(installation, server, product, sizes), least)
    figures += standing(rest, loaded_mb=loaded_mb, starts=starts, least=least)
    return commit_figures(least) + figures

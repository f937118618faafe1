"""Metrics in the form Prometheus reads. Counts of live things are read from their rows at each scrape."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

_HTTP_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
_BLOCK_SECONDS = (0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """What the rows say at the moment of a scrape."""

    by_status: dict[str, int] = field(default_factory=dict)
    """Executions that are not finished, by status."""
    due: int = 0
    """Executions that want a worker now and have none yet, or whose time has come."""
    oldest_due_seconds: float = 0.0
    workers: int = 0
    """Processes with a fresh heartbeat."""
    open_reviews: int = 0


class Metrics:
    """The measures of one process, in a registry of their own. Each method is a few microseconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._triggers = Counter(
            "runwright_triggers", "Triggers by way and outcome.", ["type", "outcome"], registry=self.registry
        )
        self._executions = Counter(
            "runwright_executions_finished",
            "Executions that this process drove to their end or cancelled, by status.",
            ["status"],
            registry=self.registry,
        )
        self._execution_seconds = Histogram(
            "runwright_execution_seconds",
            "From trigger to finish, by final status.",
            ["status"],
            buckets=_BLOCK_SECONDS,
            registry=self.registry,
        )
        self._block_seconds = Histogram(
            "runwright_block_seconds",
            "Duration of blocks by type and outcome.",
            ["type", "status"],
            buckets=_BLOCK_SECONDS,
            registry=self.registry,
        )
        self._http_seconds = Histogram(
            "runwright_http_request_seconds",
            "Duration of HTTP requests.",
            ["method", "route", "status"],
            buckets=_HTTP_SECONDS,
            registry=self.registry,
        )
        self._live = _LiveGauges(self.registry)

    def trigger_accepted(self, trigger_type: str, *, superseded: int = 0) -> None:
        """An execution was created and is durable; ``superseded`` older ones were cancelled for it."""
        self._triggers.labels(trigger_type, "accepted").inc()
        self.executions_cancelled(superseded)

    def trigger_refused(self, trigger_type: str, *, reason: str) -> None:
        """A trigger was answered with an error; ``reason`` is its message, from a closed set of them."""
        self._triggers.labels(trigger_type, reason).inc()

    def execution_finished(self, status: str, *, seconds: float) -> None:
        """An execution settled, ``seconds`` after its trigger."""
        self._executions.labels(status).inc()
        self._execution_seconds.labels(status).observe(seconds)

    def executions_cancelled(self, count: int) -> None:
        """Executions were cancelled by a call to this process."""
        if count:
            self._executions.labels("cancelled").inc(count)

    def block_finished(self, block_type: str, *, status: str, seconds: float) -> None:
        """A block settled, ``seconds`` after its start."""
        self._block_seconds.labels(block_type, status).observe(seconds)

    def http_request(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered. ``route`` is its pattern, never the path: paths hold ids."""
        self._http_seconds.labels(method, route, str(status)).observe(seconds)

    def render(self, live: LiveCounts | None) -> bytes:
        """The exposition text, with the live counts as they were just read; None when they could not be."""
        self._live.show(live)
        return generate_latest(self.registry)


class _LiveGauges:
    _STATUSES = ("pending", "running", "review_pending")

    def __init__(self, registry: CollectorRegistry) -> None:
        self._up = Gauge("runwright_database_up", "Whether the database answered this scrape.", registry=registry)
        self._executions = Gauge(
            "runwright_executions_live", "Executions that are not finished.", ["status"], registry=registry
        )
        self._due = Gauge("runwright_queue_due", "Executions that want a worker now.", registry=registry)
        self._oldest = Gauge(
            "runwright_queue_oldest_seconds", "How long the longest of them has waited.", registry=registry
        )
        self._workers = Gauge("runwright_workers", "Processes that drive executions.", registry=registry)
        self._reviews = Gauge("runwright_reviews_open", "Reviews that wait for a person.", registry=registry)

    def show(self, live: LiveCounts | None) -> None:
        self._up.set(live is not None)
        for status in self._STATUSES:
            self._executions.labels(status).set(live.by_status.get(status, 0) if live else nan)
        self._due.set(live.due if live else nan)
        self._oldest.set(live.oldest_due_seconds if live else nan)
        self._workers.set(live.workers if live else nan)
        self._reviews.set(live.open_reviews if live else nan)

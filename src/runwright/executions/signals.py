"""Word that something changed, sent after the commit to those in this process who wait for it.

Signals only save time: whoever misses one finds the change in the database at its next look. On PostgreSQL
``announce`` puts the same word into the transaction, for the other processes.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum

import sqlalchemy as sa

from runwright.kit.json import Json

CHANNEL = "runwright"
"""The PostgreSQL notification channel."""


class Signal(StrEnum):
    """What can happen to an execution."""

    DUE = "due"
    CHANGED = "changed"
    CANCELLED = "cancelled"


Listener = Callable[[str], None]
EventListener = Callable[[str, str, Json], None]


def announce(conn: sa.Connection, signal: Signal, execution_id: str) -> None:
    """Tell the other processes when this transaction commits; on SQLite there are none."""
    if conn.dialect.name == "postgresql":
        conn.execute(
            sa.text("SELECT pg_notify(:channel, :payload)"),
            {"channel": CHANNEL, "payload": f"{signal.value} {execution_id} {origin()}"},
        )


def origin() -> str:
    """The name under which this process announces: it has sent its own signals itself, and passes over their echo."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Signals:
    """The process's own board: listeners by signal, waiters by execution, watchers of live events."""

    def __init__(self) -> None:
        self._listeners: dict[Signal, list[Listener]] = defaultdict(list)
        self._waiters: dict[str, set[asyncio.Event]] = {}
        self._watchers: dict[str, set[EventListener]] = {}
        self.closed = False

    def close(self) -> None:
        """The process stops: let everybody who waits for a change go on with what is there."""
        self.closed = True
        for events in self._waiters.values():
            for event in events:
                event.set()

    def listen(self, signal: Signal, listener: Listener) -> None:
        """Call the listener with the execution's id whenever the signal is sent."""
        self._listeners[signal].append(listener)

    def send(self, signal: Signal, execution_ids: Iterable[str]) -> None:
        """Send a signal for some executions; every signal also wakes those who wait for a change."""
        for execution_id in execution_ids:
            for listener in self._listeners[signal]:
                listener(execution_id)
            for event in self._waiters.get(execution_id, ()):
                event.set()

    @contextmanager
    def changes(self, execution_id: str) -> Iterator[asyncio.Event]:
        """An event that is set by every signal for this execution. Look at the database after entering."""
        event = asyncio.Event()
        self._waiters.setdefault(execution_id, set()).add(event)
        try:
            yield event
        finally:
            waiters = self._waiters[execution_id]
            waiters.discard(event)
            if not waiters:
                del self._waiters[execution_id]

    def watch(self, execution_id: str, watcher: EventListener) -> Callable[[], None]:
        """Have live events of an execution (block key, kind, data) until the returned function is called."""
        self._watchers.setdefault(execution_id, set()).add(watcher)

        def stop() -> None:
            watchers = self._watchers.get(execution_id, set())
            watchers.discard(watcher)
            if not watchers:
                self._watchers.pop(execution_id, None)

        return stop

    def emit(self, execution_id: str, key: str, kind: str, data: Json) -> None:
        """Pass a live event of a block on to whoever watches; it is kept nowhere."""
        for watcher in tuple(self._watchers.get(execution_id, ())):
            watcher(key, kind, data)

"""How often somebody may fail to sign in. Counted in memory, by each server for itself."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from runwright.kit.clock import Millis


@dataclass(slots=True)
class _Window:
    started_at: Millis
    attempts: int


class AttemptLimit:
    """At most so many attempts by one name within a time; the oldest names are forgotten when there are too many."""

    def __init__(self, *, attempts: int, within: Millis, size: int = 20_000) -> None:
        self._attempts = attempts
        self._within = within
        self._size = size
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def take(self, name: str, *, now: Millis) -> Millis | None:
        """Count one attempt: None when it may go on, else how long to wait."""
        window = self._windows.get(name)
        if window is None or not 0 <= now - window.started_at < self._within:
            window = _Window(started_at=now, attempts=0)
            self._windows[name] = window
            self._windows.move_to_end(name)
            if len(self._windows) > self._size:
                self._windows.popitem(last=False)
        if window.attempts >= self._attempts:
            return window.started_at + self._within - now
        window.attempts += 1
        return None

    def give_back(self, name: str) -> None:
        """An attempt was no failure after all: it does not count."""
        window = self._windows.get(name)
        if window is not None and window.attempts > 0:
            window.attempts -= 1

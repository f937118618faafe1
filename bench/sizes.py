"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Amounts of one run of the benchmark."""

    seconds: float
    """How long each rate of calls is measured."""
    floor_seconds: float
    """How long each shape of commits is measured."""
    idle_seconds: float
    alone: int
    """Executions that run one after the other."""
    burst: int
    """Executions that are started at once."""
    rounds: int
    """Bursts; the one of median rate counts."""
    starts: int
    """Starts on a data folder that is there already; the median counts."""


FULL = Sizes(seconds=3.0, floor_seconds=1.5, idle_seconds=5.0, alone=100, burst=600, rounds=3, starts=3)
QUICK = Sizes(seconds=0.3, floor_seconds=0.1, idle_seconds=0.3, alone=3, burst=60, rounds=1, starts=1)

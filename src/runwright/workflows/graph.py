"""The shape of a workflow: order, cycles, and what is upstream of what. Linear in blocks and edges."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

Edges = Mapping[str, Sequence[str]]
"""For each block, in the order of the file, the keys of the blocks it needs; all of them are keys of the mapping."""


def find_cycle(needs: Edges) -> list[str] | None:
    """A cycle as the path along it (``[a, b, a]``: a needs b needs a), or None."""
    done: set[str] = set()
    for start in needs:
        if start not in done and (cycle := _cycle_from(start, needs, done)):
            return cycle
    return None


def _cycle_from(start: str, needs: Edges, done: set[str]) -> list[str] | None:
    path, on_path = [start], {start}
    pending = [iter(needs[start])]
    while pending:
        key = next(pending[-1], None)
        if key is None:
            pending.pop()
            last = path.pop()
            on_path.discard(last)
            done.add(last)
        elif key in on_path:
            return [*path[path.index(key) :], key]
        elif key not in done:
            path.append(key)
            on_path.add(key)
            pending.append(iter(needs[key]))
    return None


def topological_order(needs: Edges) -> tuple[str, ...]:
    """Every block after those it needs, and otherwise in the order of the file.

    Raises:
        ValueError: there is a cycle.
    """
    keys = list(needs)
    position = {key: index for index, key in enumerate(keys)}
    following = dependents(needs)
    missing = {key: len(set(needed)) for key, needed in needs.items()}
    ready = [position[key] for key in keys if not missing[key]]
    order: list[str] = []
    while ready:
        key = keys[heapq.heappop(ready)]
        order.append(key)
        for follower in following[key]:
            missing[follower] -= 1
            if not missing[follower]:
                heapq.heappush(ready, position[follower])
    if len(order) < len(keys):
        raise ValueError("the blocks need each other in a cycle")
    return tuple(order)


def dependents(needs: Edges) -> dict[str, tuple[str, ...]]:
    """For each block, those that need it directly, in the order of the file."""
    found: dict[str, list[str]] = {key: [] for key in needs}
    for key, needed in needs.items():
        for other in dict.fromkeys(needed):
            found[other].append(key)
    return {key: tuple(followers) for key, followers in found.items()}


class Upstream:
    """Answers whether one block is upstream of another, near or far."""

    def __init__(self, needs: Edges, order: Iterable[str]) -> None:
        """Take the edges and a topological order of them."""
        self._bit = {key: 1 << index for index, key in enumerate(needs)}
        self._above: dict[str, int] = {}
        for key in order:
            above = 0
            for needed in needs[key]:
                above |= self._above[needed] | self._bit[needed]
            self._above[key] = above

    def of(self, key: str, candidate: str) -> bool:
        """Whether ``candidate`` always settles before ``key`` runs."""
        return bool(self._above[key] & self._bit[candidate])

"""Order, cycles and upstream, for graphs of any shape."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runwright.workflows.graph import Upstream, dependents, find_cycle, topological_order


@st.composite
def graphs(draw: st.DrawFn, *, acyclic: bool) -> dict[str, list[str]]:
    keys = [f"b{index}" for index in range(draw(st.integers(1, 12)))]
    edges = {}
    for index, key in enumerate(keys):
        candidates = keys[:index] if acyclic else keys
        edges[key] = draw(st.lists(st.sampled_from(candidates))) if candidates else []
    return {key: edges[key] for key in draw(st.permutations(keys))}


def reachable(needs: dict[str, list[str]], key: str) -> set[str]:
    found: set[str] = set()
    pending = list(needs[key])
    while pending:
        other = pending.pop()
        if other not in found:
            found.add(other)
            pending += needs[other]
    return found


@given(graphs(acyclic=True))
def test_every_block_comes_after_those_it_needs(needs: dict[str, list[str]]) -> None:
    order = topological_order(needs)
    assert find_cycle(needs) is None
    assert sorted(order) == sorted(needs)
    assert all(order.index(other) < order.index(key) for key, needed in needs.items() for other in needed)


@given(graphs(acyclic=True))
def test_upstream_is_what_can_be_reached(needs: dict[str, list[str]]) -> None:
    upstream = Upstream(needs, topological_order(needs))
    for key in needs:
        assert {other for other in needs if upstream.of(key, other)} == reachable(needs, key)


@given(graphs(acyclic=False))
def test_a_cycle_is_found_where_there_is_one(needs: dict[str, list[str]]) -> None:
    cycle = find_cycle(needs)
    if cycle is None:
        assert all(key not in reachable(needs, key) for key in needs)
    else:
        assert cycle[0] == cycle[-1]
        assert all(after in needs[before] for before, after in itertools.pairwise(cycle))
        with pytest.raises(ValueError, match="cycle"):
            topological_order(needs)


def test_dependents_are_the_edges_the_other_way_round() -> None:
    assert dependents({"a": [], "b": ["a", "a"], "c": ["a", "b"]}) == {"a": ("b", "c"), "b": ("c",), "c": ()}

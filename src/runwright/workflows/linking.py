"""Blocks put together into a graph: needs resolved, cycles named, names checked against what is upstream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from runwright.workflows import graph
from runwright.workflows.block_parser import WrittenBlock, WrittenNeed
from runwright.workflows.definition import BlockDefinition, Need
from runwright.workflows.names import NameChecker
from runwright.workflows.problems import Problems, did_you_mean


@dataclass(frozen=True, slots=True)
class Linked:
    """The blocks of a workflow as a graph."""

    blocks: Mapping[str, BlockDefinition]
    order: tuple[str, ...]
    dependents: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _View:
    """What one block sees of the others."""

    key: str
    blocks: Mapping[str, WrittenBlock]
    upstream: graph.Upstream | None

    @property
    def keys(self) -> Iterable[str]:
        return self.blocks.keys()

    def is_upstream(self, key: str) -> bool | None:
        return self.upstream.of(self.key, key) if self.upstream else None

    def takes_callbacks(self, key: str) -> bool:
        block = self.blocks.get(key)
        return block is not None and block.definition is not None and block.definition.config.takes_callbacks()


def link(written: Sequence[WrittenBlock], *, names: NameChecker, problems: Problems) -> Linked:
    """Resolve the blocks' needs and names; meaningless when problems were noted."""
    blocks = {block.key: block for block in written}
    needs = {block.key: _needs(block, blocks, problems) for block in written}
    edges = {key: [need.key for need in needed] for key, needed in needs.items()}
    order = _order(edges, blocks, problems)
    upstream = graph.Upstream(edges, order) if order is not None else None
    definitions: dict[str, BlockDefinition] = {}
    for block in written:
        named = names.check_block(block.texts, key=block.key, surroundings=_View(block.key, blocks, upstream))
        if block.definition is not None:
            definitions[block.key] = replace(
                block.definition, needs=tuple(needs[block.key]), names=named.variables, referenced=named.blocks
            )
    return Linked(definitions, order or (), graph.dependents(edges))


def _order(
    edges: Mapping[str, Sequence[str]], blocks: Mapping[str, WrittenBlock], problems: Problems
) -> tuple[str, ...] | None:
    cycle = graph.find_cycle(edges)
    if cycle is None:
        return graph.topological_order(edges)
    block = blocks[cycle[0]]
    # Told in the order of running: each block before the one that needs it.
    path = " → ".join(reversed(cycle))
    problems.add(block.node, block.path, f"the blocks need each other in a circle: {path}")
    return None


def _needs(block: WrittenBlock, blocks: Mapping[str, WrittenBlock], problems: Problems) -> list[Need]:
    found: list[Need] = []
    for written in block.needs:
        message = _wrong(block, written, blocks, found)
        if message:
            problems.add(written.node, written.path, message)
        else:
            found.append(written.need)
    return found


def _wrong(
    block: WrittenBlock, written: WrittenNeed, blocks: Mapping[str, WrittenBlock], before: Sequence[Need]
) -> str | None:
    need = written.need
    if need.key == block.key:
        return "a block cannot need itself"
    if need.key not in blocks:
        return f"there is no block '{need.key}'{did_you_mean(need.key, blocks)}"
    if need in before:
        return f"'{written.node.text}' is there twice"
    if any(other.key == need.key and (other.branch is None or need.branch is None) for other in before):
        return f"'{need.key}' is needed with and without a branch; keep one of the two"
    return _wrong_branch(need, blocks[need.key])


def _wrong_branch(need: Need, target: WrittenBlock) -> str | None:
    if need.branch is None or target.definition is None:
        return None
    branches = target.definition.config.branch_names()
    if need.branch in branches:
        return None
    if not branches:
        return f"'{need.key}' is a block of type {target.definition.type}, which has no branches"
    hint = did_you_mean(need.branch, branches) or f"; there are {', '.join(branches)}"
    return f"'{need.key}' has no branch '{need.branch}'{hint}"

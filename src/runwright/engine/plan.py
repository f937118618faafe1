"""Which block may run, which is skipped and why, and how an execution ends: pure reasoning over a graph's states.

The rules are those of section 2 of the product's contract; nothing here reads a clock or a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runwright.executions.state import BlockState
from runwright.executions.status import SETTLED, Status
from runwright.workflows.definition import BlockDefinition, WorkflowDefinition

States = Mapping[str, BlockState]


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything it needs is settled well: it may run, if its own condition says so."""


@dataclass(frozen=True, slots=True)
class Skip:
    """It will not run; the reason is a sentence for people."""

    reason: str


def readiness(block: BlockDefinition, states: States) -> Ready | Skip | None:
    """Whether a pending block may run now; None while it has to wait."""
    needed = [states[need.key] for need in block.needs]
    if any(state.status not in SETTLED for state in needed):
        return None
    if not needed:
        return Ready()
    for state in needed:
        if state.status in (Status.FAILED, Status.CANCELLED):
            return Skip(f'Block "{state.key}", which it needs, {_verb(state.status)}.')
    if all(state.status is Status.SKIPPED for state in needed):
        return Skip(_all_skipped(needed))
    return _branch_skip(block, states) or Ready()


def _verb(status: Status) -> str:
    return "failed" if status is Status.FAILED else "was cancelled"


def _all_skipped(needed: list[BlockState]) -> str:
    names = ", ".join(f'"{state.key}"' for state in needed)
    return f"Everything it needs was skipped: {names}."


def _branch_skip(block: BlockDefinition, states: States) -> Skip | None:
    """A block behind named branches runs when one of them was taken."""
    branches = [need for need in block.needs if need.branch is not None]
    if not branches or any(states[need.key].branch == need.branch for need in branches):
        return None
    wanted = ", ".join(f'"{need.key}.{need.branch}"' for need in branches)
    taken = ", ".join(f'"{states[need.key].branch or "none"}"' for need in branches)
    return Skip(f"The branch leading to it was not taken: it needs {wanted}, taken was {taken}.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an execution ended."""

    status: Status
    error: str | None = None


def outcome(definition: WorkflowDefinition, states: States) -> Outcome | None:
    """The end of an execution whose blocks are all settled; None while one is not."""
    ordered = [states[key] for key in definition.order]
    if any(state.status not in SETTLED for state in ordered):
        return None
    for state in ordered:
        if state.status is Status.FAILED:
            return Outcome(Status.FAILED, error=f'Block "{state.key}" failed: {state.error}')
    if ordered and all(state.status is Status.SKIPPED for state in ordered):
        return Outcome(Status.SKIPPED)
    return Outcome(Status.COMPLETED)

"""The states of one execution's blocks in memory, and which of them differ from the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from runwright.executions.state import BlockState
from runwright.executions.status import BLOCK_TRANSITIONS, SETTLED_WELL, Status, require


class Ledger(Mapping[str, BlockState]):
    """States by key, in graph order. Reads are of the newest state, committed or not."""

    def __init__(self, order: Iterable[str], stored: Mapping[str, BlockState]) -> None:
        self._states = {key: stored.get(key) or BlockState(key) for key in order}
        self._changed: dict[str, Status] = {}

    def __getitem__(self, key: str) -> BlockState:
        return self._states[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)

    def set(self, state: BlockState) -> None:
        """Change a block's state.

        Raises:
            IllegalTransition: its status cannot follow the one it has.
        """
        before = self._states[state.key].status
        require(BLOCK_TRANSITIONS, before, state.status)
        self._changed.setdefault(state.key, before)
        self._states[state.key] = state

    def changes(self) -> list[tuple[Status, BlockState]]:
        """What is to be committed: each changed block with the status the database has."""
        return [(before, self._states[key]) for key, before in self._changed.items()]

    def committed(self) -> None:
        """All changes are in the database now."""
        self._changed.clear()

    def adopt(self, stored: Mapping[str, BlockState], keys: Iterable[str]) -> list[str]:
        """Take over what others (reviewers) wrote of some blocks; the keys of those that had changed."""
        changed = [key for key in keys if key in stored and stored[key].status is not self._states[key].status]
        for key in changed:
            self._states[key] = stored[key]
        return changed

    def with_status(self, status: Status) -> list[BlockState]:
        """The blocks in a status, in graph order."""
        return [state for state in self._states.values() if state.status is status]


class Outputs(Mapping[str, str]):
    """The outputs that templates can look up: of the blocks that are settled well and have one. A view, not a copy."""

    def __init__(self, states: Mapping[str, BlockState]) -> None:
        self._states = states

    def __getitem__(self, key: str) -> str:
        state = self._states[key]
        if state.output is None or state.status not in SETTLED_WELL:
            raise KeyError(key)
        return state.output

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._states if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

"""Makes a test of a run that was: its inputs, what models answered, what the other blocks gave."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import yaml

from runwright.blocks.base import ReviewKind
from runwright.executions import details
from runwright.executions.models import checkpoints
from runwright.executions.state import BlockState
from runwright.executions.status import Status
from runwright.executions.view import ExecutionView
from runwright.kit.json import Json, loads
from runwright.recordings.secrets import Secrets
from runwright.reviews.models import reviews
from runwright.workflows.cache import load_definition
from runwright.workflows.definition import BlockDefinition

_LONGEST_EXPECTED = 2_000
# Blocks that give the same again for the same inputs, and ask nobody outside.
_REPEATABLE = frozenset({"template", "output", "condition", "code", "review"})
_TESTS = re.compile(r"^tests:[ \t]*(#.*)?$", re.MULTILINE)


class NotATest(Exception):
    """No test can be made of this run; the text says why."""


@dataclass
class MadeTest:
    """A test as the file will have it. ``notes`` are sentences on what it leaves out."""

    test: dict[str, Json]
    notes: list[str] = field(default_factory=list)

    def yaml(self, indent: str) -> str:
        """The test as an item of the section ``tests``."""
        text = yaml.dump([self.test], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
        return "".join(f"{indent}{line}\n" if line else "\n" for line in text.splitlines())


def made_of(conn: sa.Connection, org_id: str, execution_id: str, *, name: str) -> MadeTest:
    """A test that gives the same again.

    Raises:
        NotFound: the organization has no such execution.
        NotATest: it has not ended, or ended in a way that a test cannot repeat.
    """
    row = details.get_row(conn, org_id, execution_id)
    if row.status not in (Status.COMPLETED, Status.SKIPPED, Status.FAILED):
        raise NotATest(f"The execution is {row.status.value}; a test can be made of one that has ended by itself")
    found = details.get_details(conn, org_id, execution_id).view
    view = ExecutionView(row=row, blocks=found.blocks, definition=load_definition(conn, row.workflow_version_id))
    return _Maker(conn, view).made(name)


@dataclass
class _Maker:
    conn: sa.Connection
    view: ExecutionView
    secrets: Secrets = field(default_factory=Secrets)

    def made(self, name: str) -> MadeTest:
        made = MadeTest({"name": name, "inputs": loads(self.view.row.trigger_payload)})
        stubs: dict[str, Json] = {}
        answers: dict[str, Json] = {}
        decisions: dict[str, Json] = {}
        for key in self.view.definition.order:
            block, state = self.view.definition.blocks[key], self.view.blocks.get(key) or BlockState(key)
            if self._was_rejected(state):
                decisions[key] = "reject"
            elif state.status is Status.FAILED:
                raise NotATest(f'Block "{key}" failed, which a test cannot repeat: {state.error}')
            if state.status is Status.SKIPPED or block.type in _REPEATABLE:
                continue
            given = self._answers(block, state)
            if given is not None:
                answers[key] = given
            else:
                stubs[key] = self._hidden(state.output or "")
                made.notes.append(f"block {key} ({block.type}) is a stub: it says what it said in the run")
        made.test |= {"stubs": stubs, "answers": answers, "reviews": decisions}
        made.test = {part: value for part, value in made.test.items() if value}
        made.test["expect"] = self._expected()
        return made

    def _answers(self, block: BlockDefinition, state: BlockState) -> list[Json] | None:
        """What models answered, where that alone makes the block's output; else None."""
        if block.type != "agent" or state.round or self._was_edited(block.key):
            return None
        statement = sa.select(checkpoints).where(
            checkpoints.c.execution_id == self.view.row.id,
            checkpoints.c.block_key == block.key,
            checkpoints.c.round == state.round,
            checkpoints.c.attempt == state.attempt,
        )
        rows = list(self.conn.execute(statement))
        if not rows or any(row.kind != "model" for row in rows) or len({row.model for row in rows}) > 1:
            return None
        rows.sort(key=lambda row: int(row.name.rpartition(":")[2]))
        return [self._value(loads(row.response)) for row in rows]

    def _value(self, response: dict[str, Any]) -> Json:
        """The answer as a test has it: the value of a structured one, else its text."""
        parts = response.get("parts", [])
        calls = [part["args"] for part in parts if part.get("part_kind") == "tool-call"]
        text = calls[0] if calls else "".join(part["content"] for part in parts if part.get("part_kind") == "text")
        if not isinstance(text, str):
            return text
        text = self._hidden(text)
        try:
            value = loads(text)
        except (ValueError, RecursionError):
            return text
        return value if isinstance(value, dict) else text

    def _expected(self) -> dict[str, Json]:
        blocks: dict[str, Json] = {}
        for key in self.view.definition.order:
            state = self.view.blocks.get(key) or BlockState(key)
            last = not self.view.definition.dependents.get(key)
            if state.status is Status.COMPLETED and last and len(state.output or "") <= _LONGEST_EXPECTED:
                blocks[key] = {"status": "completed", "output": self._hidden(state.output or "")}
            elif state.status is not Status.COMPLETED or last:
                blocks[key] = state.status.value
        return {"status": self.view.row.status.value, "blocks": blocks}

    def _was_rejected(self, state: BlockState) -> bool:
        return state.status is Status.FAILED and any(row.decision == "reject" for row in self._reviews(state.key))

    def _was_edited(self, key: str) -> bool:
        return any(row.edited_output is not None for row in self._reviews(key))

    def _reviews(self, key: str) -> Sequence[sa.Row[Any]]:
        statement = sa.select(reviews).where(
            reviews.c.execution_id == self.view.row.id,
            reviews.c.block_key == key,
            reviews.c.kind != ReviewKind.COST.value,
        )
        return self.conn.execute(statement).all()

    def _hidden(self, text: str) -> str:
        self.secrets.learn(text)
        return self.secrets.hide(text)


def put_into(source: str, made: MadeTest) -> str | None:
    """The file with the test at the end of its section ``tests``; None when that is written in one line."""
    section = _TESTS.search(source)
    if section is None:
        if re.search(r"^tests:", source, re.MULTILINE):
            return None
        return f"{source.rstrip()}\ntests:\n{made.yaml('  ')}"
    end = re.compile(r"^[^\s#-]", re.MULTILINE).search(source, section.end())
    place = end.start() if end else len(source)
    item = re.compile(r"^([ \t]*)- ", re.MULTILINE).search(source, section.end(), place)
    before = source[:place].rstrip("\n") + "\n"
    return before + made.yaml(item.group(1) if item else "  ") + source[place:]


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are read."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)

"""What is wrong in a workflow file, collected with places, and the strict reading of its sections."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar

from runwright.workflows.definition import Problem, WorkflowFileError
from runwright.workflows.lookups import ExpressionError
from runwright.workflows.nodes import Mapping, Node, Scalar

MAX_PROBLEMS: Final = 100
_NOT_IN_A_LINE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_Choice = TypeVar("_Choice", bound=StrEnum)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` where one of the known words is close, else nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f"; did you mean '{close[0]}'?" if close else ""


def is_absent(node: Node | None) -> bool:
    """Whether a field is not there, or there without a value."""
    return node is None or (isinstance(node, Scalar) and node.value() is None)


class Problems:
    """Collects what is wrong; nothing is raised before the whole file was looked at."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._found: dict[Problem, None] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, node: Node, path: str, message: str) -> None:
        """Note a problem with a node."""
        self._note(node.line, node.column, path, message)

    def add_expression(self, node: Scalar, path: str, error: ExpressionError) -> None:
        """Note a problem inside a template or condition, at its own place where that can be told."""
        line, column = self._place(node, error.offset)
        self._note(line, column, path, error.message)

    def raise_any(self) -> None:
        """Raise a :class:`WorkflowFileError` with what was found, in the order of the file, if anything was."""
        if self._found:
            found = sorted(self._found, key=lambda problem: (problem.line, problem.column))
            raise WorkflowFileError(found[:MAX_PROBLEMS])

    def _note(self, line: int, column: int, path: str, message: str) -> None:
        self._found[Problem(line=line, column=column, path=path, message=message)] = None

    def _place(self, node: Scalar, offset: int) -> tuple[int, int]:
        before, _, _ = node.text[:offset].rpartition("\n")
        row = node.text.count("\n", 0, offset)
        in_row = offset - (len(before) + 1 if row else 0)
        written = node.text.split("\n")[row]
        line = node.line + row + (1 if node.style in ("|", ">") else 0)
        if line > len(self._lines):
            return node.line, node.column
        start = node.column - 1 if line == node.line else 0
        found = self._lines[line - 1].find(written, start)
        return (line, found + in_row + 1) if found >= 0 else (node.line, node.column)


class Section:
    """A mapping of the file, read field by field; what does not fit is noted and the default taken instead."""

    def __init__(self, node: Mapping, path: str, problems: Problems) -> None:
        self.node = node
        self.path = path
        self.problems = problems

    def at(self, name: str) -> str:
        """The path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def refuse_unknown(self, known: Collection[str], *, what: str) -> None:
        """Note every field that is not one of the known."""
        for name, key in self.node.keys.items():
            if name not in known:
                message = f"unknown field '{name}' {what}{did_you_mean(name, known)}"
                self.problems.add(key, self.at(name), message)

    def refuse(self, name: str, message: str) -> None:
        """Note a problem with a field, or with the whole section when the field is not there."""
        self.problems.add(self.node.entries.get(name, self.node), self.at(name), message)

    def line(self, name: str, *, longest: int) -> str | None:
        """A text on one line, without characters that cannot be seen."""
        text = self.text(name, longest=longest)
        if text is not None and any(unicodedata.category(sign) in _NOT_IN_A_LINE for sign in text):
            self.refuse(name, f"'{name}' must be on one line, without control characters")
            return None
        return text

    def text(self, name: str, *, longest: int = 10_000) -> str | None:
        """A text. A plain number or word such as ``1.10`` or ``true`` is taken as it is written."""
        node = self.node.entries.get(name)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.refuse(name, f"'{name}' must be a text")
        elif node.value() is None:
            self.refuse(name, f"'{name}' is empty; write a text, '' for an empty one, or remove it")
        elif len(node.text) > longest:
            self.refuse(name, f"'{name}' may have at most {longest:,} characters")
        else:
            return node.text
        return None

    def boolean(self, name: str) -> bool:
        """``true`` or ``false``; false when absent."""
        node = self.node.entries.get(name)
        if node is None:
            return False
        value = node.value() if isinstance(node, Scalar) else None
        if not isinstance(value, bool):
            self.refuse(name, f"'{name}' must be true or false")
            return False
        return value

    def number(self, name: str, *, least: float, most: float, whole: bool = False) -> float | None:
        """A number in a range, None when absent."""
        node = self.node.entries.get(name)
        if node is None:
            return None
        value = node.value() if isinstance(node, Scalar) else None
        kinds = (int,) if whole else (int, float)
        if isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        kind = "a whole number" if whole else "a number"
        self.refuse(name, f"'{name}' must be {kind} from {least:g} to {most:g}")
        return None

    def choice(self, name: str, *, default: _Choice) -> _Choice:
        """One of an enumeration's words."""
        node = self.node.entries.get(name)
        if node is None:
            return default
        words = {member.value: member for member in type(default)}
        if not isinstance(node, Scalar) or node.text not in words:
            written = node.text if isinstance(node, Scalar) else ""
            self.refuse(name, f"'{name}' must be {' or '.join(words)}{did_you_mean(written, words)}")
            return default
        return words[node.text]

    def child(self, name: str) -> Section | None:
        """A section inside this one."""
        node = self.node.entries.get(name)
        if node is None:
            return None
        if not isinstance(node, Mapping):
            self.refuse(name, f"'{name}' must be a mapping of names to values")
            return None
        return Section(node, self.at(name), self.problems)

    def children(self, *, or_empty: bool = False) -> Iterable[Section]:
        """Every entry as a section; one without a value counts as empty where that is allowed."""
        for name, node in self.node.entries.items():
            if isinstance(node, Mapping):
                yield Section(node, self.at(name), self.problems)
            elif or_empty and isinstance(node, Scalar) and node.value() is None:
                yield Section(Mapping({}, {}, node.line, node.column, node.end_line), self.at(name), self.problems)
            else:
                self.refuse(name, f"'{name}' must be a mapping of fields to values")

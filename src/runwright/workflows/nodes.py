"""YAML text read into nodes that know their line and column.

The subset is that of JSON with comments: YAML 1.2's core words only (``yes``, ``on`` and dates stay texts), no tags, no
merge keys, one document. Anchors and aliases may be used, up to a total size.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from runwright.kit.json import Json
from runwright.workflows.definition import Problem, WorkflowFileError

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 50
MAX_NODES: Final = 200_000
"""Most values in a file, those that aliases repeat counted each time."""

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT: Final = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?")
_CONSTANTS: Final[dict[str, Json]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value; ``style`` is None for a plain one, else the sign it begins with."""

    text: str
    style: str | None
    line: int
    column: int
    end_line: int

    def value(self) -> Json:
        """The value that is meant: quoted ones are texts, plain ones may be null, booleans or numbers."""
        if self.style is not None:
            return self.text
        if self.text in _CONSTANTS:
            return _CONSTANTS[self.text]
        if _INT.fullmatch(self.text):
            return int(self.text)
        if _FLOAT.fullmatch(self.text) and math.isfinite(number := float(self.text)):
            return number
        return self.text


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: list[Node]
    line: int
    column: int
    end_line: int

    def value(self) -> Json:
        """The list of its values."""
        return [item.value() for item in self.items]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping; its keys are texts as written, whatever YAML would make of them."""

    entries: dict[str, Node]
    keys: dict[str, Scalar]
    line: int
    column: int
    end_line: int

    def value(self) -> Json:
        """The mapping of its values."""
        return {key: node.value() for key, node in self.entries.items()}


Node = Scalar | Sequence | Mapping


def decode(source: str | bytes) -> str:
    """The text of a file: UTF-8, at most :data:`MAX_BYTES`, printable.

    Raises:
        WorkflowFileError: it is not.
    """
    data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    if len(data) > MAX_BYTES:
        raise _error(1, 1, f"the file is longer than {MAX_BYTES:,} bytes, the most that is read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        raise _error_at(before, len(before), "the file is not UTF-8 text; save it in that encoding") from None
    if unprintable := _UNPRINTABLE.search(text):
        message = f"the character U+{ord(unprintable.group()):04X} is not allowed; remove it"
        raise _error_at(text, unprintable.start(), message)
    return text


def read(text: str) -> Node:
    """Read a YAML document.

    Raises:
        WorkflowFileError: it is no YAML, or uses what is not allowed here.
    """
    try:
        return _Composer(yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(text, error) from None
    except yaml.YAMLError as error:
        raise _error(1, 1, f"the file is not valid YAML: {error}") from None


def _error(line: int, column: int, message: str) -> WorkflowFileError:
    return WorkflowFileError([Problem(line=line, column=column, path="", message=message)])


def _error_at(text: str, index: int, message: str) -> WorkflowFileError:
    line_start = text.rfind("\n", 0, index) + 1
    return _error(text.count("\n", 0, index) + 1, index - line_start + 1, message)


def _syntax_error(text: str, error: yaml.MarkedYAMLError) -> WorkflowFileError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    written = lines[line] if line < len(lines) else ""
    if "\t" in written[: column + 1]:
        return _error(line + 1, written.index("\t") + 1, "a tab cannot indent in YAML; use spaces")
    if error.problem and "cannot start any token" in error.problem:
        return _error(line + 1, column + 1, f"{written[column : column + 1]} cannot begin a text; put quotes around it")
    parts = [part for part in (error.context, error.problem) if part]
    return _error(line + 1, column + 1, f"the file is not valid YAML: {', '.join(parts)}")


@dataclass(slots=True)
class _Composer:
    """Makes nodes of the parser's events, keeping count of depth and size."""

    events: Iterator[Any]
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    count: int = 0

    def document(self) -> Node:
        """The one document of the stream."""
        node: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    raise _refuse(event, "a second document begins here; a file holds one workflow")
                node = self._node(next(self.events), depth=0)
        if node is None:
            raise _error(1, 1, "the file is empty")
        return node

    def _node(self, event: Any, *, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag is not None and event.tag != "!":
            raise _refuse(event, f"the tag {event.tag} is not allowed; remove it")
        if depth > MAX_DEPTH:
            raise _refuse(event, f"this is nested more than {MAX_DEPTH} levels deep")
        before = self.count
        self._grow(event, 1)
        node = self._composed(event, depth=depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.count - before)
        return node

    def _composed(self, event: Any, *, depth: int) -> Node:
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth=depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth=depth)
        return _scalar(event)

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self.anchors:
            raise _refuse(event, f"the anchor &{event.anchor} is not there, or not closed yet")
        node, size = self.anchors[event.anchor]
        self._grow(event, size)
        return node

    def _grow(self, event: Any, size: int) -> None:
        self.count += size
        if self.count > MAX_NODES:
            raise _refuse(event, f"the file has more than {MAX_NODES:,} values, those that aliases repeat included")

    def _sequence(self, start: Any, *, depth: int) -> Sequence:
        items: list[Node] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                return Sequence(items, *_place(start), _end(event))
            items.append(self._node(event, depth=depth + 1))
        raise AssertionError("the parser closes what it opens")

    def _mapping(self, start: Any, *, depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                return Mapping(entries, keys, *_place(start), _end(event))
            key = self._node(event, depth=depth + 1)
            if not isinstance(key, Scalar):
                raise _refuse(event, "a key must be a text; a value such as {{ name }} needs quotes around it")
            if key.text in keys:
                raise _refuse(event, f"'{key.text}' is there twice; the first is in line {keys[key.text].line}")
            keys[key.text] = key
            entries[key.text] = self._node(next(self.events), depth=depth + 1)
        raise AssertionError("the parser closes what it opens")


def _scalar(event: Any) -> Scalar:
    if "\0" in event.value:
        raise _refuse(event, "the character NUL is not allowed; remove it")
    style = None if event.style in (None, "") else event.style
    if event.tag == "!":
        style = style or "!"
    return Scalar(event.value, style, *_place(event), _end(event))


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _end(event: Any) -> int:
    return int(event.end_mark.line) + 1


def _refuse(event: Any, message: str) -> WorkflowFileError:
    return _error(*_place(event), message)

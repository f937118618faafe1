"""A saved file brought up to date for export: what changed since is put in, everything else stays as it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from runwright.workflows.definition import ApiTrigger, WorkflowFileError
from runwright.workflows.nodes import Mapping, Node, Scalar, Sequence, decode, read
from runwright.workflows.problems import Problems, Section
from runwright.workflows.triggers_section import read_api

_SIMPLE: Final = re.compile(r"[^\W\d_](?:[\w ,.()/-]*[\w.)])?")
# Characters that JSON lets stand as they are, and YAML takes for line breaks or refuses.
_UNSAFE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def export(source: str, api: ApiTrigger) -> str:
    """The file with the given trigger settings in its ``triggers`` section.

    Comments and layout stay, but inside a section that had to change.
    """
    root = _root(source)
    if _written_api(root) == api:
        return source
    return _with_field(source, root, name="triggers", value=_triggers_node(api))


def renamed(source: str, name: str) -> str:
    """The file with another name for the workflow."""
    return _with_field(source, _root(source), name="name", value=_text_node(name))


def emit(node: Mapping) -> str:
    """YAML text of a whole document; its layout is ours, its values are those of the node."""
    return "".join(f"{line}\n" for line in _mapping_lines(node, indent=""))


def _root(source: str) -> Mapping:
    root = read(decode(source))
    if not isinstance(root, Mapping):
        raise ValueError("the file is no workflow")
    return root


def _written_api(root: Mapping) -> ApiTrigger:
    """The settings as the file has them; what it does not say has the value of a new workflow."""
    return read_api(Section(root, "", Problems(""))) or ApiTrigger()


def _with_field(source: str, root: Mapping, *, name: str, value: Node) -> str:
    wanted = Mapping({**root.entries, name: value}, root.keys, root.line, root.column, root.end_line)
    text = _replaced(source, root, name=name, lines=list(_entry_lines(name, value, indent=" " * (root.column - 1))))
    return text if _reads_as(text, wanted) else emit(wanted)


def _reads_as(text: str, wanted: Mapping) -> bool:
    """Whether the text still says what it should: an anchor or a document's end may have been in the way."""
    try:
        return _same(read(decode(text)), wanted)
    except WorkflowFileError:
        return False


def _same(one: Node, other: Node) -> bool:
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text and one.value() == other.value()
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        return len(one.items) == len(other.items) and all(map(_same, one.items, other.items))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.entries.keys() == other.entries.keys() and all(
            _same(node, other.entries[key]) for key, node in one.entries.items()
        )
    return False


def _replaced(source: str, root: Mapping, *, name: str, lines: list[str]) -> str:
    written = source.split("\n")
    key = root.keys.get(name)
    if key is None:
        while written and not written[-1].strip():
            written.pop()
        return "\n".join([*written, "", *lines, ""])
    following = [other.line for other in root.keys.values() if other.line > key.line]
    end = min(following, default=len(written) + 1) - 1
    while end > key.line and _is_between(written[end - 1], column=key.column):
        end -= 1
    return "\n".join([*written[: key.line - 1], *lines, *written[end:]])


def _is_between(line: str, *, column: int) -> bool:
    """Whether a line is blank, or a comment that is no deeper than the keys and so belongs to what follows."""
    content = line.strip()
    return not content or (content.startswith("#") and len(line) - len(line.lstrip()) < column)


def _triggers_node(api: ApiTrigger) -> Mapping:
    enabled = Scalar("true" if api.enabled else "false", None, 0, 0, 0)
    concurrency = _text_node(api.concurrency.value)
    return _mapping_node({"api": _mapping_node({"enabled": enabled, "concurrency": concurrency})})


def _mapping_node(entries: dict[str, Node]) -> Mapping:
    return Mapping(entries, {key: _text_node(key) for key in entries}, 0, 0, 0)


def _text_node(text: str) -> Scalar:
    return Scalar(text, '"', 0, 0, 0)


def _mapping_lines(node: Mapping, *, indent: str) -> Iterator[str]:
    for key, child in node.entries.items():
        yield from _entry_lines(key, child, indent=indent)


def _entry_lines(key: str, node: Node, *, indent: str) -> Iterator[str]:
    head = f"{indent}{_text(key)}:"
    if isinstance(node, Mapping) and node.entries:
        yield head
        yield from _mapping_lines(node, indent=f"{indent}  ")
    else:
        yield f"{head} {_flow(node)}"


def _flow(node: Node) -> str:
    if isinstance(node, Sequence):
        return f"[{', '.join(map(_flow, node.items))}]"
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_flow(child)}" for key, child in node.entries.items()) + "}"
    # Plain numbers and words are written as they were: 1.10 is not 1.1.
    return _text(node.text) if isinstance(node.value(), str) else node.text or "null"


def _text(text: str) -> str:
    """A text as YAML reads it back, quoted where it has to be."""
    is_simple = _SIMPLE.fullmatch(text) and Scalar(text, None, 0, 0, 0).value() == text
    return text if is_simple else _UNSAFE.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"

"""A block's own fields: validated by its type's model, with every problem at its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from runwright.blocks.base import BlockConfig, Marker
from runwright.workflows.nodes import Mapping, Node, Scalar, Sequence
from runwright.workflows.problems import Problems


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A template or condition found in a block, with its place."""

    node: Scalar
    path: str
    marker: Marker
    in_items: bool = False
    """Inside the inner block of a ``map`` block, which knows ``item`` and ``index``."""


def field_names(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model by the names used in the file."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def inner_field(model: type[BaseModel]) -> str | None:
    """The field of a model that holds another block, if there is one."""
    return next((name for name, field in model.model_fields.items() if Marker.BLOCK in field.metadata), None)


def validate(model: type[BlockConfig], node: Mapping, *, path: str, problems: Problems) -> BlockConfig | None:
    """The configuration a mapping describes; None, with the problems noted, when it does not fit."""
    try:
        return model.model_validate(node.value())
    except ValidationError as error:
        for details in _once_a_place(error.errors(include_url=False, include_context=False), node):
            _note(details, node, path=path, problems=problems)
    except RecursionError:
        problems.add(node, path, "this is nested too deeply")
    return None


def marked_texts(config: BaseModel, node: Mapping, *, path: str) -> Iterator[MarkedText]:
    """Every template and condition of a valid configuration, at any depth."""
    for name, field in type(config).model_fields.items():
        key = field.alias or name
        written = node.entries.get(key)
        if written is None:
            continue
        where = f"{path}.{key}"
        marker = next((item for item in field.metadata if isinstance(item, Marker)), None)
        if marker is Marker.BLOCK:
            continue
        if marker is not None:
            yield from _texts(written, where, marker)
        else:
            yield from _nested(getattr(config, name), written, where)


def _texts(node: Node, path: str, marker: Marker) -> Iterator[MarkedText]:
    if isinstance(node, Scalar):
        if isinstance(node.value(), str):
            yield MarkedText(node, path, marker)
    else:
        for where, child in _children(node, path):
            yield from _texts(child, where, marker)


def _nested(value: Any, node: Node, path: str) -> Iterator[MarkedText]:
    """Texts of models inside unmarked fields."""
    if isinstance(value, BaseModel) and isinstance(node, Mapping):
        yield from marked_texts(value, node, path=path)
    elif isinstance(value, (list, tuple)) and isinstance(node, Sequence):
        for inner, (where, child) in zip(value, _children(node, path), strict=False):
            yield from _nested(inner, child, where)
    elif isinstance(value, dict) and isinstance(node, Mapping):
        for key, child in node.entries.items():
            yield from _nested(value.get(key), child, f"{path}.{key}")


def _children(node: Sequence | Mapping, path: str) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Sequence):
        yield from ((f"{path}[{index}]", item) for index, item in enumerate(node.items))
    else:
        yield from ((f"{path}.{key}", child) for key, child in node.entries.items())


def _once_a_place(errors: list[ErrorDetails], node: Mapping) -> Iterator[ErrorDetails]:
    """One error for each place: a value that may have several forms fails in each of them."""
    seen: set[tuple[int, object]] = set()
    for details in errors:
        place = (id(_find(node, details)[0]), details["loc"][-1] if details["type"] in _ABOUT_KEYS else "")
        if place not in seen:
            seen.add(place)
            yield details


_ABOUT_KEYS: Final = frozenset({"missing", "extra_forbidden"})


def _note(details: ErrorDetails, node: Mapping, *, path: str, problems: Problems) -> None:
    at, steps, parent = _find(node, details)
    where = path + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    if details["type"] == "missing":
        name = str(details["loc"][-1])
        problems.add(at, f"{where}.{name}", f"'{name}' is missing")
    elif details["type"] == "extra_forbidden" and parent is not None:
        name = str(steps[-1])
        problems.add(parent.keys[name], where, f"unknown field '{name}'")
    else:
        problems.add(at, where, _sentence(details, steps))


def _find(node: Node, details: ErrorDetails) -> tuple[Node, list[str | int], Mapping | None]:
    """The node an error is about, the steps to it, and the mapping it stands in."""
    steps: list[str | int] = []
    parent: Mapping | None = None
    for step in details["loc"]:
        if isinstance(node, Mapping) and str(step) in node.entries:
            parent, node = node, node.entries[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            parent, node = None, node.items[step]
        else:
            continue
        steps.append(step)
    return node, steps, parent


_SENTENCES: Final = {
    "string_type": "must be a text; put it in quotes",
    "dict_type": "must be a mapping of names to values",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "model_type": "must be a mapping of names to values",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
}


def _sentence(details: ErrorDetails, steps: list[str | int]) -> str:
    message = details["msg"]
    if details["type"] == "block_config":
        return message
    name = next((f"'{step}' " for step in reversed(steps) if isinstance(step, str)), "")
    if details["type"] in _SENTENCES:
        return name + _SENTENCES[details["type"]]
    return name + message.removeprefix("Value error, ").replace("Input should be", "must be")

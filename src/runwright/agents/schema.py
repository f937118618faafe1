"""JSON schemas of agents' outputs: checked when a workflow is saved, applied to what a model answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runwright.kit.json import Json

_LOCAL = ("#/$defs/", "#/definitions/")
_MAX_DEPTH = 50
_MAX_PROBLEMS = 5


def problem_of(schema: Mapping[str, Any]) -> str | None:
    """What is wrong with a schema, as a sentence, or None when agents can use it."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if schema.get("type") != "object":
        return "the schema must describe an object: type: object, with properties"
    if (reference := _bad_reference(schema)) is not None:
        return reference
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return f"the schema is not valid at {_path(error.absolute_path)}: {error.message}"
    except RecursionError:
        return "the schema is nested too deeply"
    return None


def mismatches(value: Json, schema: Mapping[str, Any]) -> list[str]:
    """Where a value does not fit a schema, as sentences; at most five, none when it fits."""
    from jsonschema import Draft202012Validator
    from referencing import Registry

    # An empty registry: a reference to elsewhere is an error instead of a request to the network.
    validator = Draft202012Validator(schema, registry=Registry())
    found = (f"{_path(error.absolute_path)}: {error.message}" for error in validator.iter_errors(value))
    return [sentence for sentence, _ in zip(found, range(_MAX_PROBLEMS), strict=False)]


def _bad_reference(schema: Mapping[str, Any]) -> str | None:
    """Why the references of a schema cannot be followed to their end, if they cannot."""
    targets: dict[str, set[str]] = {}
    for reference in _references(schema):
        if not reference.startswith(_LOCAL) or _find(schema, reference) is None:
            return f"the reference {reference!r} leads nowhere; write '#/$defs/NAME' and define NAME under $defs"
        targets[reference] = set(_references(_find(schema, reference)))
    for start in targets:
        if start in _reachable(start, targets):
            return f"the definition {start!r} contains itself, which models cannot follow"
    return None


def _reachable(start: str, targets: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = set(targets[start])
    while waiting:
        reference = waiting.pop()
        seen.add(reference)
        waiting |= targets.get(reference, set()) - seen
    return seen


def _references(schema: Any, depth: int = 0) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(schema, Mapping):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for part in schema.values():
            yield from _references(part, depth + 1)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part, depth + 1)


def _find(schema: Mapping[str, Any], reference: str) -> Any:
    _, group, name = reference.split("/", maxsplit=2)
    return schema.get(group, {}).get(name)


def _path(steps: Any) -> str:
    return "/".join(str(step) for step in steps) or "the top"

"""JSON schemas of agents' outputs: checked when a workflow is saved, applied to what a model answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic_core import SchemaError as PatternError
from pydantic_core import SchemaValidator, core_schema

from runwright.kit.json import Json
from runwright.kit.text import shortened

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_LOCAL = ("#/$defs/", "#/definitions/")
_MAX_DEPTH = 50
_MAX_PROBLEMS = 5
_QUOTED = 300


def problem_of(schema: Mapping[str, Any]) -> str | None:
    """What is wrong with a schema, as a sentence, or None when agents can use it."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if schema.get("type") != "object":
        return "the schema must describe an object: type: object, with properties"
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return f"the schema is not valid at {_path(error.absolute_path)}: {error.message}"
    except RecursionError:
        return "the schema is nested too deeply"
    return _bad_pattern(schema) or _bad_reference(schema)


def mismatches(value: Json, schema: Mapping[str, Any]) -> list[str]:
    """Where a value does not fit a schema, as sentences; at most five, none when it fits."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend
    from referencing import Registry

    # An empty registry: a reference to elsewhere is an error instead of a request to the network.
    kind = extend(Draft202012Validator, {"pattern": _check_pattern})  # type: ignore[no-untyped-call]
    errors = kind(schema, registry=Registry()).iter_errors(value)
    found = (shortened(f"{_path(error.absolute_path)}: {error.message}", _QUOTED) for error in errors)
    return [sentence for sentence, _ in zip(found, range(_MAX_PROBLEMS), strict=False)]


@lru_cache(maxsize=256)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Tells whether a pattern is found in a text, in linear time: Python's own expressions can take for ever.

    Raises:
        pydantic_core.SchemaError: the pattern is not supported.
    """
    validator = SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    return validator.isinstance_python


def _check_pattern(_: Any, pattern: str, value: Json, __: Any) -> Iterator[ValidationError]:
    from jsonschema.exceptions import ValidationError

    if isinstance(value, str) and not matcher(pattern)(value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _bad_pattern(schema: Mapping[str, Any]) -> str | None:
    if next(_all_under("patternProperties", schema), None) is not None:
        return "patternProperties is not supported; name the properties"
    for pattern in _all_under("pattern", schema):
        try:
            matcher(pattern)
        except PatternError:
            return f"the pattern {pattern!r} is not supported; look-around and back-references are not"
    return None


def _bad_reference(schema: Mapping[str, Any]) -> str | None:
    """Why the references of a schema cannot be followed to their end, if they cannot."""
    targets: dict[str, set[str]] = {}
    for reference in _all_under("$ref", schema):
        if not reference.startswith(_LOCAL) or _find(schema, reference) is None:
            return f"the reference {reference!r} leads nowhere; write '#/$defs/NAME' and define NAME under $defs"
        targets[reference] = set(_all_under("$ref", _find(schema, reference)))
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


def _all_under(word: str, schema: Any, depth: int = 0) -> Iterator[Any]:
    """Every value a keyword has in a schema; a property that happens to bear its name is passed over."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(schema, Mapping):
        if word in schema and (isinstance(schema[word], str) or word == "patternProperties"):
            yield schema[word]
        for part in schema.values():
            yield from _all_under(word, part, depth + 1)
    elif isinstance(schema, list):
        for part in schema:
            yield from _all_under(word, part, depth + 1)


def _find(schema: Mapping[str, Any], reference: str) -> Any:
    _, group, name = reference.split("/", maxsplit=2)
    return schema.get(group, {}).get(name)


def _path(steps: Any) -> str:
    return "/".join(str(step) for step in steps) or "the top"

from __future__ import annotations

from typing import Any

import pytest

from runwright.agents.schema import mismatches, problem_of

PERSON = {
    "type": "object",
    "$defs": {"name": {"type": "string", "minLength": 1}},
    "properties": {"name": {"$ref": "#/$defs/name"}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"],
    "additionalProperties": False,
}


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def test_a_good_schema() -> None:
    assert problem_of(PERSON) is None


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "must describe an object"),
        ({"type": ["object", "null"]}, "must describe an object"),
        ({"type": "object", "required": "name"}, "not valid at required"),
        ({"type": "object", "properties": {"a": {"minimum": "1"}}}, "not valid at properties/a/minimum"),
        ({"type": "object", "properties": {"a": {"$ref": "https://example.com/s.json"}}}, "leads nowhere"),
        ({"type": "object", "properties": {"a": {"$ref": "file:///etc/passwd"}}}, "leads nowhere"),
        ({"type": "object", "properties": {"a": {"$ref": "#"}}}, "leads nowhere"),
        ({"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": []}, "not valid at $defs"),
        ({"type": "object", "properties": {"a": {"pattern": "(?=x)"}}}, "the pattern '(?=x)' is not supported"),
        ({"type": "object", "patternProperties": {"a+": {}}}, "name the properties"),
        (nested(500), "nested too deeply"),
    ],
)
def test_bad_schemas(schema: dict[str, Any], words: str) -> None:
    assert words in (problem_of(schema) or "")


def test_a_definition_that_contains_itself_over_another() -> None:
    definitions = {"a": {"items": {"$ref": "#/$defs/b"}}, "b": {"properties": {"x": {"$ref": "#/$defs/a"}}}}
    schema = {"type": "object", "$defs": definitions, "properties": {"a": {"$ref": "#/$defs/a"}}}
    assert "contains itself" in (problem_of(schema) or "")


def test_a_value_that_fits() -> None:
    assert mismatches({"name": "Ada", "age": 36}, PERSON) == []


def test_where_a_value_does_not_fit() -> None:
    problems = mismatches({"name": "", "age": -1, "x": 1}, PERSON)
    assert len(problems) == 3
    assert any(problem.startswith("age: -1 is less than the minimum") for problem in problems)


def test_at_most_five_problems_are_told() -> None:
    schema = {"type": "object", "required": [str(number) for number in range(20)]}
    assert len(mismatches({}, schema)) == 5


def test_a_pattern() -> None:
    schema = {"type": "object", "properties": {"tag": {"type": "string", "pattern": r"^v\d+$"}}}
    assert problem_of(schema) is None
    assert mismatches({"tag": "v12"}, schema) == []
    assert mismatches({"tag": "12"}, schema) == [r"tag: '12' does not match '^v\\d+$'"]


def test_a_pattern_cannot_stall_the_server() -> None:
    schema = {"type": "object", "properties": {"a": {"pattern": "^(a+)+$"}}}
    assert len(mismatches({"a": "a" * 50_000 + "!"}, schema)) == 1

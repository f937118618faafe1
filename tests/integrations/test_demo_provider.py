"""The demo provider: what it makes of prompts, and that nobody can take it for a model."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runwright.agents.schema import mismatches
from runwright.blocks.base import Completed
from runwright.blocks.registry import get
from runwright.config import ModelSettings
from runwright.integrations.llm.registry import Models
from runwright.integrations.llm.script import MARK, answer, commits, instance
from tests.blocks.support import LocalServices, MemoryCheckpoints, config, context

ONELINE = """\
2e7e508 Make the default organization once
6d22f98 Add the database: units of work
a39224e Fix the guard of redirects
"""
CONVENTIONAL = """\
- feat(api): accept an Idempotency-Key
- fix: count retries from one
- feat!: drop Python 3.10
- docs: explain reviews
"""


def test_release_notes_of_a_git_log() -> None:
    text = answer(f"Write release notes.\n\n{ONELINE}")
    assert text.startswith(f"> {MARK}")
    assert text.endswith(
        "# Release notes (demo)\n\n"
        "## New\n\n- Add the database: units of work\n\n"
        "## Fixed\n\n- Fix the guard of redirects\n\n"
        "## Changed\n\n- Make the default organization once"
    )


def test_release_notes_of_conventional_commits() -> None:
    text = answer(CONVENTIONAL)
    assert "## Breaking changes\n\n- Drop Python 3.10" in text
    assert "## New\n\n- **api**: Accept an Idempotency-Key" in text
    assert "## Fixed\n\n- Count retries from one" in text
    assert "## Documentation\n\n- Explain reviews" in text


def test_commits_are_listed_once() -> None:
    assert len(commits(ONELINE + ONELINE)) == 3


def test_any_other_prompt_gets_a_summary() -> None:
    text = answer('Translate this.\n\n<output of="page">\nBonjour\n</output>')
    assert text.startswith(f"> {MARK}")
    assert "> Translate this." in text
    assert "- page: Bonjour" in text


def test_the_same_prompt_gets_the_same_answer() -> None:
    assert answer(CONVENTIONAL) == answer(CONVENTIONAL)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": "string", "minLength": 30}, "b": {"type": "integer"}}},
        {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"type": "number", "minimum": 5, "maximum": 6}}},
        {"type": "object", "properties": {"a": {"type": "integer", "maximum": -5}}},
        {"type": "object", "properties": {"a": {"type": "integer", "exclusiveMinimum": 10}}},
        {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer"}, "minItems": 3}}},
        {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}, "maxItems": 0}}},
        {"type": "object", "properties": {"a": {"type": ["null", "boolean"]}, "b": {"const": 7}}},
        {"type": "object", "properties": {"a": {"anyOf": [{"type": "boolean"}, {"type": "null"}]}}},
        {
            "type": "object",
            "$defs": {"x": {"type": "object", "properties": {"y": {"type": "null"}}, "required": ["y"]}},
            "properties": {"a": {"$ref": "#/$defs/x"}, "b": {"allOf": [{"$ref": "#/$defs/x"}]}},
            "required": ["a", "b"],
        },
        {"type": "object", "properties": {"a": {"type": "string", "format": "date-time"}}},
        {"type": "object", "properties": {"a": {}, "b": True}, "required": ["a", "b"]},
    ],
)
def test_values_fit_their_schema(schema: dict[str, Any]) -> None:
    assert mismatches(instance(schema, ONELINE), schema) == []


def test_a_choice_follows_the_prompt() -> None:
    schema = {"type": "object", "properties": {"level": {"enum": ["minor", "major", "critical"]}}}
    assert instance(schema, "A major outage. Truly MAJOR, not minor.") == {"level": "major"}


def test_lists_of_texts_take_the_commits() -> None:
    schema = {"type": "object", "properties": {"changes": {"type": "array", "items": {"type": "string"}}}}
    assert instance(schema, ONELINE)["changes"][0] == "Make the default organization once"


@pytest.mark.anyio
@pytest.mark.parametrize("output", ["text", {"type": "object", "properties": {"note": {"type": "string"}}}])
async def test_an_agent_without_a_configured_model_is_answered_by_the_demo(output: Any) -> None:
    block, checkpoints = get("agent"), MemoryCheckpoints()
    assert block is not None
    services = LocalServices(models=Models(ModelSettings()))
    given = context(upstream={"commits": ONELINE}, services=services, checkpoints=checkpoints)
    result = await block.run(config("agent", prompt="Write release notes.", output=output), given)  # type: ignore[misc]
    assert isinstance(result, Completed)
    assert "demo" in result.output
    if output == "text":
        assert "- Add the database" in result.output
    else:
        assert json.loads(result.output) == {"note": "demo note"}
    assert checkpoints.kept["model:1"].model == "demo:scripted"
    assert checkpoints.kept["model:1"].cost_micros == 0

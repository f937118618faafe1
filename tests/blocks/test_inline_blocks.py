"""The blocks that only compute: template, output, condition, wait and review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from runwright.blocks.base import BlockError, BlockResult, Completed, NeedsReview, Parked
from runwright.blocks.registry import get
from runwright.kit.clock import iso, now_ms, parse_iso
from tests.blocks.support import config, context

HOUR_MS = 3_600_000


def run(kind: str, fields: Mapping[str, Any], **scope: Any) -> BlockResult:
    block = get(kind)
    assert block is not None
    settled = config(kind, **fields)
    assert block.is_inline(settled)
    result = block.run(settled, context(**scope))
    assert isinstance(result, BlockResult)
    return result


def complaint(kind: str, fields: Mapping[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        config(kind, **fields)
    return caught.value.errors()[0]["msg"]


def test_template_looks_names_up() -> None:
    result = run(
        "template",
        {"text": "Hello {{ who }}: {{ blocks.a-b.output }}"},
        variables={"who": "you"},
        upstream={"a-b": "done"},
    )
    assert result == Completed(output="Hello you: done")


def test_template_names_what_is_missing() -> None:
    with pytest.raises(BlockError, match="nobody"):
        run("template", {"text": "{{ nobody }}"})


def test_output_gives_the_text() -> None:
    assert run("output", {"value": "{{ who }}"}, variables={"who": "you"}) == Completed(output="you")


def test_output_of_a_mapping_is_json_text() -> None:
    fields = {"value": {"level": "{{ level }}", "count": 3}}
    assert run("output", fields, variables={"level": "high"}) == Completed(output='{"level":"high","count":3}')


def test_output_needs_a_value() -> None:
    assert "value is empty" in complaint("output", {"value": None})


class TestCondition:
    branches: ClassVar = {"high": "level == 'high'", "also": "level == 'high' or level == 'mid'", "else": True}

    @pytest.mark.parametrize(("level", "branch"), [("high", "high"), ("mid", "also"), ("low", "else")])
    def test_first_true_branch_wins(self, level: str, branch: str) -> None:
        result = run("condition", {"branches": self.branches}, variables={"level": level})
        assert result == Completed(output=branch, branch=branch)

    def test_branches_are_named_for_those_downstream(self) -> None:
        assert config("condition", branches=self.branches).branch_names() == ("high", "also", "else")

    def test_none_applying_is_an_error_with_the_remedy(self) -> None:
        with pytest.raises(BlockError, match="add else: true") as caught:
            run("condition", {"branches": {"high": "level == 'high'"}}, variables={"level": "low"})
        assert not caught.value.retryable

    @pytest.mark.parametrize(
        ("branches", "words"),
        [
            ({}, "must map names"),
            (["a"], "must map names"),
            ({"else": True, "a": "level == 'x'"}, "put it last"),
            ({"a": True, "else": True}, "put it last"),
            ({"else": "level == 'x'"}, "write else: true"),
            ({"a": False}, "needs a condition"),
            ({"a": "  "}, "needs a condition"),
            ({"a": 1}, "needs a condition"),
            ({"Not this": "x == 'y'"}, "not valid"),
            ({True: "x == 'y'"}, "not valid"),
        ],
    )
    def test_bad_branches(self, branches: Any, words: str) -> None:
        assert words in complaint("condition", {"branches": branches})


class TestWait:
    def test_seconds_park_the_block(self) -> None:
        before = now_ms()
        result = run("wait", {"seconds": 3600})
        assert isinstance(result, Parked)
        assert before + HOUR_MS <= result.until <= now_ms() + HOUR_MS

    def test_seconds_from_a_variable(self) -> None:
        assert isinstance(run("wait", {"seconds": "{{ pause }}"}, variables={"pause": "60"}), Parked)

    def test_until_parks_the_block(self) -> None:
        moment = now_ms() + HOUR_MS
        assert run("wait", {"until": iso(moment)}) == Parked(until=moment)

    def test_until_from_a_variable(self) -> None:
        moment = now_ms() + HOUR_MS
        assert run("wait", {"until": "{{ then }}"}, variables={"then": f" {iso(moment)} "}) == Parked(until=moment)

    @pytest.mark.parametrize("fields", [{"seconds": 0}, {"until": "2020-01-01T00:00:00Z"}])
    def test_what_has_passed_goes_on_at_once(self, fields: dict[str, Any]) -> None:
        result = run("wait", fields)
        assert isinstance(result, Completed)
        assert abs(parse_iso(result.output) - now_ms()) < HOUR_MS

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({}, "needs seconds, until, or callback: true"),
            ({"seconds": 1, "until": "2030-01-01T00:00:00Z"}, "either seconds or until"),
            ({"seconds": -1}, "seconds must be"),
            ({"seconds": float("nan")}, "seconds must be"),
            ({"seconds": 1e12}, "seconds must be"),
            ({"seconds": "soon"}, "seconds must be"),
            ({"seconds": True}, "seconds must be"),
            ({"until": "tomorrow"}, "until must be"),
            ({"until": 17}, "until must be"),
        ],
    )
    def test_bad_fields(self, fields: dict[str, Any], words: str) -> None:
        assert words in complaint("wait", fields)

    @pytest.mark.parametrize("field", ["seconds", "until"])
    @pytest.mark.parametrize("value", ["soon", "", "-5", "nan", "9999-99-99"])
    def test_a_template_that_gives_nonsense(self, field: str, value: str) -> None:
        with pytest.raises(BlockError, match="came out as") as caught:
            run("wait", {field: "{{ value }}"}, variables={"value": value})
        assert not caught.value.retryable


class TestReview:
    def test_asks_with_the_rendered_message(self) -> None:
        fields = {"message": "Ship {{ tag }}?", "deadline": 60, "default": "reject"}
        result = run("review", fields, variables={"tag": "v1"})
        assert isinstance(result, NeedsReview)
        assert result.proposed is None
        assert (result.policy.message, result.policy.deadline, result.policy.default) == ("Ship v1?", 60, "reject")

    @pytest.mark.parametrize("fields", [{"deadline": 60}, {"default": "approve"}])
    def test_deadline_and_default_belong_together(self, fields: dict[str, Any]) -> None:
        assert "belong together" in complaint("review", fields)

    @pytest.mark.parametrize("deadline", [0, -1, float("inf")])
    def test_a_deadline_lies_ahead(self, deadline: float) -> None:
        complaint("review", {"deadline": deadline, "default": "approve"})

"""Templates and conditions: what they look up, what they refuse, and that they cannot run away."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runwright.blocks.base import BlockError, Scope
from runwright.workflows.expressions import (
    ExpressionError,
    References,
    check_condition,
    check_template,
    references,
    render,
)
from runwright.workflows.expressions import test as holds

SCOPE = Scope(
    variables={"audience": "customers", "count": "12", "empty": "", "markup": "<b>&{{ audience }}</b>", "版": "v1"},
    outputs={
        "commits": "feat!: drop the old door\nfix: a typo",
        "release-summary": "All is new.",
        "2nd-look": "twice",
        "judge": json.dumps(
            {"severity": "critical", "score": 7, "tags": ["a", "b"], "inner": {"deep": [{"k": None}]}, "ok": True}
        ),
        "list": '["x", {"y": "z"}]',
    },
    trigger={"type": "api", "ip": "192.0.2.1", "labels": {"env": "prod"}},
)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("nothing to look up { } }} %}", "nothing to look up { } }} %}"),
        ("{{ audience }}", "customers"),
        ("{{audience}}, {{ count }}!\n", "customers, 12!\n"),
        ('{"a": {{ count }}}', '{"a": 12}'),
        ("{{ 版 }}", "v1"),
        ("{{ blocks.commits.output }}", "feat!: drop the old door\nfix: a typo"),
        ("{{ blocks.release-summary.output }}", "All is new."),
        ("{{ blocks['release-summary'].output }}", "All is new."),
        ("{{ blocks.2nd-look.output }}", "twice"),
        ("{{ blocks.judge.output.severity }}", "critical"),
        ("{{ blocks.judge.output['score'] }}", "7"),
        ("{{ blocks.judge.output.tags }}", '["a","b"]'),
        ("{{ blocks.judge.output.tags[1] }}", "b"),
        ("{{ blocks.judge.output.inner.deep[0].k }}", "null"),
        ("{{ blocks.judge.output.ok }}", "true"),
        ("{{ blocks.list.output[1].y }}", "z"),
        ("{{ trigger.type }}/{{ trigger.labels.env }}", "api/prod"),
        ("{{ audience | upper }}", "CUSTOMERS"),
        ("{{ blocks.judge.output.tags | join(', ') }}", "a, b"),
        ("{{ blocks.judge.output.tags | first }}", "a"),
        ("{{ blocks.judge.output.inner | json }}", '{"deep":[{"k":null}]}'),
        ("{{ blocks.commits.output | length }}", "36"),
        ("{{ audience | replace('s', '-') | title }}", "Cu-Tomer-"),
        ("{{ audience | truncate(5) }}", "cust…"),
        ("{{ empty | default('nobody') }}", ""),
        ("{{ empty | default('nobody', true) }}", "nobody"),
        ("{{ trigger.branch | default(audience) }}", "customers"),
        ("{{ blocks.judge.output.nothing | default('-') }}", "-"),
        ("{{ '{{' }} {{ '{%' }} {{ '}}' }}", "{{ {% }}"),
        ("{{ 'a b/c' | urlencode }}", "a%20b/c"),
    ],
)
def test_renders(template: str, expected: str) -> None:
    assert render(template, SCOPE) == expected


def test_a_value_is_never_expanded_again_nor_escaped() -> None:
    assert render("{{ markup }}|{{ markup | trim }}", SCOPE) == "<b>&{{ audience }}</b>|<b>&{{ audience }}</b>"


def test_renders_every_text_of_a_json_value_and_no_key() -> None:
    value = {"{{ audience }}": ["{{ count }}", 3, None, {"x": "{{ audience }}"}]}
    assert render(value, SCOPE) == {"{{ audience }}": ["12", 3, None, {"x": "customers"}]}


def test_a_skipped_block_is_an_empty_text() -> None:
    assert render("[{{ blocks.skipped.output }}{{ blocks.skipped.output.field }}]", SCOPE) == "[]"
    assert render("{{ blocks.skipped.output | default('none') }}", SCOPE) == "none"
    assert not holds("blocks.skipped.output", SCOPE)
    assert holds("blocks.skipped.output is not defined and blocks.skipped.output == ''", SCOPE)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("true", True),
        ("audience == 'customers'", True),
        ('audience != "customers"', False),
        ("'feat!' in blocks.commits.output", True),
        ("'!:' not in blocks.commits.output", False),
        ("not empty", True),
        ("empty or audience", True),
        ("audience in ['staff', 'customers']", True),
        ("count | int > 10", True),
        ("(count | int) >= 13", False),
        ("3 < (count | int)", True),
        ("count|int(  )==12", True),
        ("blocks.judge.output.score > 6.5 and blocks.judge.output.severity == 'critical'", True),
        ("blocks.judge.output.score == 7", True),
        ("blocks.judge.output.ok", True),
        ("blocks.judge.output.nothing is defined", False),
        ("blocks.judge.output.nothing | default(0) == 0", True),
        ("blocks.release-summary.output is startingwith('All')", True),
        ("blocks.release-summary.output is containing 'new'", True),
        ("'release-summary' == \"release-summary\"", True),
        ("'a - b' == 'a - b'", True),
        ("empty is empty and audience is not empty", True),
        ("audience | upper == 'CUSTOMERS'", True),
        ("blocks.commits.output | length > 10", True),
        ("trigger.type == 'api' and (trigger.labels.env == 'dev' or trigger.ip == '192.0.2.1')", True),
        ("True and not False", True),
        ("'true' | bool and not ('no' | bool)", True),
        ("blocks.judge.output.score > -1", True),
    ],
)
def test_conditions(condition: str, expected: bool) -> None:
    assert holds(condition, SCOPE) is expected


@pytest.mark.parametrize(
    ("template", "offset", "words"),
    [
        ("{% for x in y %}", 0, "{%"),
        ("abc {# note #}", 4, "{#"),
        ("{{ }}", 3, "empty"),
        ("{{ audience", 2, "not closed"),
        ("{{ audience + 1 }}", 12, "arithmetic"),
        ("{{ 7*7 }}", 4, "arithmetic"),
        ("{{ audience - count }}", 12, "arithmetic"),
        ("{{- audience -}}", 2, "arithmetic"),
        ("{{ audience() }}", 3, "called"),
        ("{{ range(10) }}", 3, "called"),
        ("{{ audience.upper() }}", 3, "no fields"),
        ("{{ audience.__class__ }}", 3, "no fields"),
        ("{{ blocks.commits.output.x() }}", 3, "called"),
        ("{{ blocks.commits }}", 3, "blocks.KEY.output"),
        ("{{ blocks.commits.status }}", 3, "blocks.KEY.output"),
        ("{{ trigger }}", 3, "field"),
        ("{{ audience == 'x' }}", 12, "comparisons belong"),
        ("{{ audience and count }}", 12, "comparisons belong"),
        ("{{ audience if count }}", 12, "no meaning"),
        ("{{ (audience) }}", 3, "comparisons belong"),
        ("{{ audience | uper }}", 14, "did you mean 'upper'"),
        ("{{ audience | }}", 14, "unexpected"),
        ("{{ audience | default( }}", 23, "unexpected"),
        ("{{ 'open }}", 3, "quotation mark"),
        ("{{ {'a': 1} }}", 3, "no meaning"),
        ("{{ [1] }}", 3, "comparisons belong"),
        ("{{ audience count }}", 12, "unexpected"),
        ("é{{ 'é' | default 版 }}", 18, "unexpected"),
    ],
)
def test_refuses_templates(template: str, offset: int, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        check_template(template)
    assert words in caught.value.message
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("", "empty"),
        ("audience = 'x'", "=="),
        ("audience == ", "unexpected"),
        ("{{ audience }} == 'x'", "without {{ }}"),
        ("range(10)", "called"),
        ("audience.startswith('x')", "no fields"),
        ("('x')('y')", "called"),
        ("[1]*100000000", "arithmetic"),
        ("'a'*10**9", "arithmetic"),
        ("count > 3", "count | int"),
        ("3 >= (count)", "count | int"),
        ("count == 3", "count | int"),
        ("blocks.commits.output < 'x'", "| int"),
        ("count | lower > 3", "| int"),
        ("audience is defned", "did you mean 'defined'"),
        ("audience | sort", "no filter"),
        ("audience ; count", "no meaning"),
        ("lambda: 1", "no meaning"),
        ("audience %}{{ count", "without {{ }}"),
        ("audience %} x", "arithmetic"),
        ("(" * 500 + "audience" + ")" * 500, "recursion"),
        ("audience" + " or audience" * 1000, "at most"),
        ("1" * 400, "too long"),
    ],
)
def test_refuses_conditions(condition: str, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        check_condition(condition)
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ nobody }}", "'nobody'"),
        ("{{ trigger.branch }}", "'trigger.branch'"),
        ("{{ trigger.type.more }}", "'trigger.type.more'"),
        ("{{ blocks.commits.output.title }}", "no JSON object"),
        ("{{ blocks.judge.output.title }}", "no such field"),
        ("{{ blocks.judge.output.tags[2] }}", "no such field"),
        ("{{ blocks.judge.output.keys }}", "no such field"),
        ("{{ item }}", "map block"),
        ("{{ audience | int }}", "'customers'"),
        ("{{ audience | join }}", "needs a list"),
        ("{{ blocks.judge.output.score | length }}", "length"),
        ("{{ empty | first }}", "no value"),
    ],
)
def test_a_value_that_is_not_there_is_named(template: str, words: str) -> None:
    with pytest.raises(BlockError) as caught:
        render(template, SCOPE)
    assert words in str(caught.value)
    assert not caught.value.retryable


def test_values_of_different_kinds_do_not_compare() -> None:
    with pytest.raises(BlockError, match="'critical', no number"):
        holds("blocks.judge.output.severity > 3", SCOPE)


def test_texts_do_not_grow_without_bound() -> None:
    scope = Scope(variables={"long": "a" * 1_000_000})
    with pytest.raises(BlockError, match="longer than"):
        render("{{ long | replace('a', '" + "b" * 1000 + "') }}", scope)
    with pytest.raises(BlockError, match="longer than"):
        render("{{ long }}" * 40, scope)


def test_tells_what_a_text_names() -> None:
    found = references("{{ a }} {{ blocks.x-y.output.f | default(b) }} {{ a }} {{ trigger.ip }}")
    assert found.variables == ("a", "b")
    assert found.blocks == ("x-y",)
    assert [lookup.offset for lookup in found.lookups] == [3, 11, 41, 50, 58]
    assert references("c == 'd' and 'e' in blocks.f.output", condition=True).variables == ("c",)


@given(st.text())
def test_any_text_is_compiled_or_refused(text: str) -> None:
    for check in (check_template, check_condition):
        assert 0 <= _refused_at(check, text) <= len(text)


def _refused_at(check: Callable[[str], References], text: str) -> int:
    try:
        check(text)
    except ExpressionError as error:
        return error.offset
    return 0


WORDS = ["a", "|", "(", ")", "'s'", "1", "is", "not", "in", "<", "==", "and", "[", "]", ",", "upper"]


@given(st.lists(st.sampled_from(WORDS)))
def test_any_order_of_words_is_evaluated_or_refused(words: list[str]) -> None:
    with contextlib.suppress(BlockError):
        holds(" ".join(words), Scope(variables={"a": "x", "upper": "y"}))


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_any_value_is_rendered_as_it_is(value: str) -> None:
    scope = Scope(variables={"a": value}, outputs={"b": value})
    assert render("{{ a }}{{ blocks.b.output }}{{ a | default('') }}", scope) == value * 3

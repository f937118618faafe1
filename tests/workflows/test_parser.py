"""Workflow files: what is read, and that every mistake is reported at its line."""

from __future__ import annotations

import textwrap

import pytest

from runwright.blocks.base import ReviewPolicy
from runwright.workflows.definition import (
    ApiTrigger,
    Concurrency,
    InputSpec,
    Need,
    OnError,
    Problem,
    Retry,
    WorkflowDefinition,
    WorkflowFileError,
)
from runwright.workflows.nodes import MAX_BYTES
from runwright.workflows.parser import parse

RELEASE_NOTES = """\
version: 1
name: Release notes
description: Turns the commits of a release into notes a customer can read.
category: Release
if: "trigger.type != 'schedule' and audience != 'nobody'"
inputs:                       # context variables
  release_tag: {description: Git tag, required: true}
  audience: {default: customers}
  version: {default: 1.10}
  flag: {default: yes}
  free:
blocks:
  commits:
    type: http
    name: Fetch commits
    url: "https://git.example.com/api/{{ release_tag }}/commits"
    retry: {attempts: 3, backoff: 0.5}
    timeout: 20
    on_error: continue
  route:
    type: condition
    needs: [commits]
    branches: {breaking: "'BREAKING' in blocks.commits.output", else: true}
  release-summary:
    type: agent
    needs: [commits, route.breaking]
    if: "audience is not empty"
    prompt: |
      Write release notes for {{ audience }}.
      {{ blocks.commits.output }} {{ release_tag }}
    review: {message: "Good enough for {{ audience }}?", deadline: 3600, default: reject}
    artifact: notes.md
triggers:
  api: {enabled: true, concurrency: cancel_previous}
"""


def problems(source: str | bytes) -> list[Problem]:
    with pytest.raises(WorkflowFileError) as caught:
        parse(source)
    return caught.value.problems


def problem(source: str | bytes) -> Problem:
    found = problems(source)
    assert len(found) == 1, found
    return found[0]


def workflow(blocks: str, *, rest: str = "") -> str:
    """A file with these blocks, whose first line is line 5."""
    body = textwrap.indent(textwrap.dedent(blocks).strip("\n"), "  ")
    return f"version: 1\nname: Test\ninputs: {{tag: {{}}}}\nblocks:\n{body}\n{rest}"


def test_reads_everything() -> None:
    read = parse(RELEASE_NOTES)
    assert (read.name, read.category) == ("Release notes", "Release")
    assert read.condition == "trigger.type != 'schedule' and audience != 'nobody'"
    assert read.inputs["release_tag"] == InputSpec("release_tag", description="Git tag", required=True)
    assert {name: spec.default for name, spec in read.inputs.items() if name != "release_tag"} == {
        "audience": "customers",
        "version": "1.10",
        "flag": "yes",
        "free": None,
    }
    assert read.order == ("commits", "route", "release-summary")
    assert read.dependents["commits"] == ("route", "release-summary")
    assert read.api == ApiTrigger(enabled=True, concurrency=Concurrency.CANCEL_PREVIOUS)


def test_reads_the_fields_every_block_has() -> None:
    blocks = parse(RELEASE_NOTES).blocks
    commits, summary = blocks["commits"], blocks["release-summary"]
    assert (commits.name, commits.timeout, commits.on_error) == ("Fetch commits", 20, OnError.CONTINUE)
    assert commits.retry == Retry(attempts=3, backoff=0.5)
    assert (commits.names, commits.line) == (("release_tag",), 13)
    assert summary.needs == (Need("commits"), Need("route", branch="breaking"))
    assert summary.names == ("audience", "release_tag")
    assert summary.referenced == ("commits",)
    assert summary.review == ReviewPolicy("Good enough for {{ audience }}?", deadline=3600, default="reject")
    assert (summary.artifact, summary.name) == ("notes.md", "release-summary")
    assert blocks["route"].config.branch_names() == ("breaking", "else")


def test_order_is_that_of_the_file_where_needs_allow() -> None:
    read = parse(
        workflow("""
        z: {type: template, text: z, needs: m}
        a: {type: template, text: a}
        m: {type: template, text: m, needs: [b]}
        b: {type: template, text: b}
        """)
    )
    assert read.order == ("a", "b", "m", "z")


def test_without_a_triggers_section_the_settings_stay() -> None:
    assert parse(workflow("a: {type: template, text: x}")).api is None


def test_a_byte_order_mark_and_anchors_are_read() -> None:
    source = workflow("a: {type: template, text: &t hello}\nb: {type: template, text: *t}")
    read = parse("\ufeff".encode() + source.encode())
    assert read.blocks["a"].config == read.blocks["b"].config


@pytest.mark.parametrize(
    ("blocks", "place", "path", "words"),
    [
        ("a: {type: template, txt: x, text: x}", (5, 23), "blocks.a.txt", "did you mean 'text'?"),
        ("a: {type: template}", (5, 3), "blocks.a.text", "'text' is missing"),
        ("a: {text: x}", (5, 6), "blocks.a.type", "'type' is missing"),
        ("a: {type: templat, text: x}", (5, 13), "blocks.a.type", "did you mean 'template'?"),
        ("A_b: {type: template, text: x}", (5, 3), "blocks.A_b", "no valid key"),
        ("a: {type: template, text: [x]}", (5, 29), "blocks.a.text", "must be a text"),
        ("a: [x]", (5, 6), "blocks.a", "must be a mapping"),
        ("a: {type: template, text: x, needs: [b]}", (5, 40), "blocks.a.needs[0]", "no block 'b'"),
        ("a: {type: template, text: x, needs: [a]}", (5, 40), "blocks.a.needs[0]", "cannot need itself"),
        ("a: {type: template, text: x, needs: {b: c}}", (5, 39), "blocks.a.needs", "must be a list"),
        ("a: {type: template, text: x, timeout: 0}", (5, 41), "blocks.a.timeout", "must be a number"),
        ("a: {type: template, text: x, timeout: '5'}", (5, 41), "blocks.a.timeout", "must be a number"),
        ("a: {type: template, text: x, retry: 3}", (5, 39), "blocks.a.retry", "must be a mapping"),
        ("a: {type: template, text: x, retry: {attempts: 1.5}}", (5, 50), "blocks.a.retry.attempts", "whole number"),
        ("a: {type: template, text: x, on_error: ignore}", (5, 42), "blocks.a.on_error", "fail or continue"),
        ("a: {type: template, text: x, review: maybe}", (5, 40), "blocks.a.review", "true or false"),
        ("a: {type: template, text: x, review: {deadline: 5}}", (5, 40), "blocks.a.review", "belong together"),
        ("a: {type: review, review: true}", (5, 29), "blocks.a.review", "already"),
        ("a: {type: template, text: x, artifact: ../x}", (5, 42), "blocks.a.artifact", "without folders"),
        ("a: {type: template, text: '{{ tg }}'}", (5, 33), "blocks.a.text", "did you mean 'tag'?"),
        ("a: {type: template, text: '{{ tag '}", (5, 32), "blocks.a.text", "not closed"),
        ("a: {type: template, text: x, if: 'tag == 3'}", (5, 37), "blocks.a.if", "tag | int"),
        ("a: {type: template, text: x, if: ''}", (5, 36), "blocks.a.if", "empty"),
        ("a: {type: template, text: x, if: 'item'}", (5, 37), "blocks.a.if", "map block"),
        ("a: {type: template, text: '{{ blocks.a.output }}'}", (5, 33), "blocks.a.text", "own output"),
        ("a: {type: template, text: '{{ blocks.b.output }}'}", (5, 33), "blocks.a.text", "no block 'b'"),
        ("a: {type: condition, branches: {x: 'no == y', else: true}}", (5, 39), "blocks.a.branches.x", "no context"),
        ("a: {type: output, value: {x: ['{{ b }}']}}", (5, 37), "blocks.a.value.x[0]", "no context"),
        ("a: {type: http, url: 'http://x', method: PUT, body: '{{ b }}'}", (5, 59), "blocks.a.body", "no context"),
    ],
)
def test_a_mistake_in_a_block_is_reported_at_its_place(
    blocks: str, place: tuple[int, int], path: str, words: str
) -> None:
    found = problems(workflow(blocks))[0]
    assert ((found.line, found.column), found.path) == (place, path)
    assert words in found.message


def test_mistakes_between_blocks() -> None:
    found = problems(
        workflow("""
        a: {type: template, text: x}
        b: {type: template, text: '{{ blocks.a.output }}'}
        c: {type: template, text: x, needs: [a, a, a.left, r.midle, r, r.left]}
        r: {type: condition, branches: {left: tag, middle: "tag == 'm'", else: true}}
        """)
    )
    assert [(p.line, p.path) for p in found] == [
        (6, "blocks.b.text"),
        (7, "blocks.c.needs[1]"),
        (7, "blocks.c.needs[2]"),
        (7, "blocks.c.needs[3]"),
        (7, "blocks.c.needs[5]"),
    ]
    words = ["not upstream", "twice", "with and without", "did you mean 'middle'?", "with and without"]
    assert all(word in p.message for word, p in zip(words, found, strict=True))


def test_a_cycle_is_named_as_a_path() -> None:
    found = problem(
        workflow("""
        start: {type: template, text: x}
        a: {type: template, text: x, needs: [start, c]}
        b: {type: template, text: x, needs: [a]}
        c: {type: template, text: '{{ blocks.b.output }}', needs: [b]}
        """)
    )
    assert "a → b → c → a" in found.message
    assert (found.line, found.path) == (6, "blocks.a")


def test_a_place_inside_a_block_scalar_is_told() -> None:
    found = problem(workflow("a:\n  type: template\n  text: |\n    one\n    two {{ nobody }}"))
    assert (found.line, found.column) == (9, 14)


@pytest.mark.parametrize(
    ("rest", "place", "path", "words"),
    [
        ("trigers: {}", (6, 1), "trigers", "did you mean 'triggers'?"),
        ("triggers: {cron: 1}", (6, 12), "triggers.cron", "unknown field"),
        ("triggers: {api: {enabled: 1}}", (6, 27), "triggers.api.enabled", "true or false"),
        ("triggers: {api: {concurrency: paralel}}", (6, 31), "triggers.api.concurrency", "did you mean 'parallel'?"),
        ("if: blocks.a.output", (6, 5), "if", "before any block runs"),
        ("if: nobody", (6, 5), "if", "no context variable"),
        ("if: [x]", (6, 5), "if", "must be a text"),
    ],
)
def test_a_mistake_at_the_top_is_reported_at_its_place(
    rest: str, place: tuple[int, int], path: str, words: str
) -> None:
    found = problem(workflow("a: {type: template, text: x}", rest=rest))
    assert ((found.line, found.column), found.path) == (place, path)
    assert words in found.message


@pytest.mark.parametrize(
    ("inputs", "path", "words"),
    [
        ("{blocks: {}}", "inputs.blocks", "meaning of its own"),
        ("{2x: {}}", "inputs.2x", "no valid name"),
        ("{x: {default: [1]}}", "inputs.x.default", "must be a text"),
        ("{x: {default: null}}", "inputs.x.default", "is empty"),
        ("{x: {required: 'true'}}", "inputs.x.required", "true or false"),
        ("{x: {type: string}}", "inputs.x.type", "unknown field"),
        ("{x: customers}", "inputs.x", "must be a mapping"),
        ("[x]", "inputs", "must be a mapping"),
    ],
)
def test_a_mistake_in_an_input_is_reported(inputs: str, path: str, words: str) -> None:
    source = f"version: 1\nname: T\ninputs: {inputs}\nblocks: {{a: {{type: template, text: x}}}}"
    found = problem(source)
    assert (found.line, found.path) == (3, path)
    assert words in found.message


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "empty"),
        ("- a", "a workflow file is a mapping"),
        ("version: 1\nname: x\nblocks: {}", "from 1 to"),
        ("version: 1\nname: x", "'blocks' is missing"),
        ("version: 2\nname: x\nblocks: {a: {type: template, text: x}}", "only version: 1"),
        ("version: 1\nname: ''\nblocks: {a: {type: template, text: x}}", "'name' is empty"),
        ("version: 1\nname: a\nname: b", "twice"),
        ("name: a\n---\nname: b", "second document"),
        ("a:\n\tb: 1", "tab"),
        ("a: {{ x }}", "quotes"),
        ("a: @x", "quotes"),
        ("a: !!python/object/apply:os.system [x]", "tag"),
        ("a: &x [*x]", "anchor"),
        ("a: \x00", "U+0000"),
        ('a: "\\0"', "NUL"),
        ("a: [", "not valid YAML"),
        (b"name: caf\xe9", "UTF-8"),
        ("[" * 100_000, "nested"),
        ("a: " + "x" * MAX_BYTES, "bytes"),
    ],
)
def test_what_is_no_workflow_file_is_refused(source: str | bytes, words: str) -> None:
    assert words in problem(source).message


def test_the_place_of_a_wrong_byte_is_told() -> None:
    found = problem(b"name: x\ndescription: caf\xe9")
    assert (found.line, found.column) == (2, 17)


def test_a_yaml_bomb_is_refused() -> None:
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10)}]" for i in range(1, 10)]
    assert "aliases" in problem("\n".join(lines)).message


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    found = problems(workflow("a: {type: nope}\nb: {type: template, text: '{{ x }}', needs: [c]}", rest="more: 1"))
    assert [p.path for p in found] == ["blocks.a.type", "blocks.b.text", "blocks.b.needs[0]", "more"]


def test_long_chains_are_read() -> None:
    blocks = ["b0: {type: template, text: x}"]
    text = "{{ blocks.b0.output }}"
    blocks += [f"b{i}: {{type: template, text: '{text}', needs: [b{i - 1}]}}" for i in range(1, 2000)]
    read: WorkflowDefinition = parse(workflow("\n".join(blocks)))
    assert read.order[-1] == "b1999"


@pytest.mark.parametrize("name", ['"two\\nlines"', '"\\u2028"', '"\\x01"'])
def test_a_name_is_on_one_line(name: str) -> None:
    found = problem(f"version: 1\nname: {name}\nblocks: {{a: {{type: template, text: x}}}}")
    assert "one line" in found.message


def test_a_lone_surrogate_is_refused() -> None:
    assert "Unicode" in problem('version: 1\nname: "\\ud800"').message

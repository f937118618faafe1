"""The ``tests`` section of a workflow file: inputs, answers that stand in for blocks, and what is to come of them."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field

from runwright.blocks.base import BlockConfig, wrong
from runwright.kit.json import dumps
from runwright.workflows.config_check import validate
from runwright.workflows.nodes import Mapping, Node, Scalar, Sequence
from runwright.workflows.problems import Section, is_absent

MAX_TESTS: Final = 200
STATUSES: Final = ("completed", "failed", "skipped", "cancelled")


def _as_text(value: Any) -> Any:
    return value if isinstance(value, str) else dumps(value)


def _known_status(status: str) -> str:
    if status not in STATUSES:
        raise wrong(f"a status is one of {', '.join(STATUSES)}")
    return status


def _as_expectation(value: Any) -> Any:
    return {"status": value} if isinstance(value, str) else value


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _decision(value: str) -> str:
    if value not in ("approve", "reject"):
        raise wrong("a review is decided with approve or reject")
    return value


Status = Annotated[str, AfterValidator(_known_status)]
Text = Annotated[str, BeforeValidator(_as_text)]


class BlockExpectation(BlockConfig):
    """What is to become of a block; what is not said is not looked at."""

    status: Status | None = None
    output: Text | None = None
    contains: str | None = None
    error: str | None = None


class Expectations(BlockConfig):
    """What is to come of a run."""

    status: Status = "completed"
    blocks: dict[str, Annotated[BlockExpectation, BeforeValidator(_as_expectation)]] = Field(default_factory=dict)


class WorkflowTest(BlockConfig):
    """One test. Reviews not named are approved.

    ``stubs`` are outputs of blocks that are not run; ``answers`` are what models answer to agent blocks that are, one
    after another, each a text or the value of a structured output.
    """

    name: str = Field(min_length=1, max_length=200)
    inputs: dict[str, str] = Field(default_factory=dict)
    stubs: dict[str, Text] = Field(default_factory=dict)
    answers: dict[str, Annotated[tuple[Any, ...], BeforeValidator(_as_list)]] = Field(default_factory=dict)
    reviews: dict[str, Annotated[str, AfterValidator(_decision)]] = Field(default_factory=dict)
    expect: Expectations = Expectations()


def read_tests(workflow: Section) -> tuple[WorkflowTest, ...]:
    """The tests of a file; what is wrong in them is noted."""
    node = workflow.node.entries.get("tests")
    if is_absent(node):
        return ()
    if not isinstance(node, Sequence) or len(node.items) > MAX_TESTS:
        workflow.refuse("tests", f"'tests' must be a list of at most {MAX_TESTS} tests, each with a name")
        return ()
    return tuple(
        test
        for index, item in enumerate(node.items)
        if (test := _read_test(workflow, item, path=f"tests[{index}]")) is not None
    )


def _read_test(workflow: Section, item: Any, *, path: str) -> WorkflowTest | None:
    problems = workflow.problems
    if not isinstance(item, Mapping):
        problems.add(item, path, "a test is a mapping with a name, inputs, stubs, answers and expect")
        return None
    test = validate(WorkflowTest, item, path=path, problems=problems)
    if not isinstance(test, WorkflowTest):
        return None
    blocks = workflow.node.entries.get("blocks")
    known = blocks.entries if isinstance(blocks, Mapping) else {}
    for key in [*test.stubs, *test.answers, *test.reviews, *test.expect.blocks]:
        if key not in known:
            problems.add(item, path, f"there is no block '{key}' in this workflow")
    for key in test.answers:
        if key in test.stubs:
            problems.add(item, path, f"block '{key}' has a stub, so that no model is asked; remove its answers")
        elif key in known and not _is_agent(known[key]):
            problems.add(item, path, f"block '{key}' asks no model; give it a stub instead of answers")
    return test


def _is_agent(block: Node) -> bool:
    kind = block.entries.get("type") if isinstance(block, Mapping) else None
    return isinstance(kind, Scalar) and kind.value() == "agent"

"""A workflow file checked and read, strictly: every problem is reported, each with its line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass
from typing import Final

from runwright.workflows.block_parser import WrittenBlock, read_block
from runwright.workflows.definition import InputSpec, Limits, WorkflowDefinition
from runwright.workflows.linking import link
from runwright.workflows.lookups import RESERVED_NAMES
from runwright.workflows.names import NameChecker
from runwright.workflows.nodes import Mapping, Scalar, decode, read
from runwright.workflows.problems import Problems, Section, is_absent
from runwright.workflows.tests_section import read_tests
from runwright.workflows.triggers_section import read_api

VERSION: Final = "1"
MAX_BLOCKS: Final = 5_000
MAX_INPUTS: Final = 500
_TOP_FIELDS: Final = (
    *("version", "name", "description", "category", "inputs", "if", "limits", "blocks", "triggers", "tests"),
)
MAX_COST: Final = 1_000_000
_MODEL: Final = re.compile(r"[a-z]+:\S{1,200}")
_INPUT_NAME: Final = re.compile(r"[^\W\d][\w-]{0,99}")


def parse(source: str | bytes) -> WorkflowDefinition:
    """Read a workflow file.

    Raises:
        WorkflowFileError: it is no valid workflow; it has every problem found, in the order of the file.
    """
    text = decode(source)
    problems = Problems(text)
    root = read(text)
    if not isinstance(root, Mapping):
        problems.add(root, "", "a workflow file is a mapping with version, name and blocks")
        problems.raise_any()
        raise AssertionError("unreachable: a problem was noted")
    definition = _Reader(Section(root, "", problems)).workflow()
    problems.raise_any()
    return definition


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was read and found good."""

    source: str
    definition: WorkflowDefinition


def prepare(source: str | bytes) -> Prepared:
    """Read a file that is to be saved.

    Raises:
        WorkflowFileError: it is no valid workflow.
    """
    text = decode(source)
    return Prepared(source=text, definition=parse(text))


class _Reader:
    """Reads the top level and puts the parts together."""

    def __init__(self, section: Section) -> None:
        self._section = section
        self._problems = section.problems

    def workflow(self) -> WorkflowDefinition:
        """The definition; meaningless when problems were noted."""
        section = self._section
        section.refuse_unknown(_TOP_FIELDS, what="in a workflow")
        self._check_version()
        name = self._name()
        inputs = self._inputs()
        written = self._blocks()
        names = NameChecker(None if inputs is None else tuple(inputs), self._problems)
        linked = link(written, names=names, problems=self._problems)
        return WorkflowDefinition(
            name=name,
            description=section.text("description") or "",
            category=section.line("category", longest=100) or "",
            inputs=inputs or {},
            condition=self._condition(names),
            blocks=linked.blocks,
            order=linked.order,
            api=read_api(section),
            dependents=linked.dependents,
            limits=self._limits(),
            tests=read_tests(section),
        )

    def _check_version(self) -> None:
        node = self._section.node.entries.get("version")
        if node is None:
            self._section.refuse("version", f"'version' is missing; write version: {VERSION}")
        elif not isinstance(node, Scalar) or node.text != VERSION:
            self._section.refuse("version", f"only version: {VERSION} is known here")

    def _name(self) -> str:
        if "name" not in self._section.node.entries:
            self._section.refuse("name", "'name' is missing")
            return ""
        name = self._section.line("name", longest=200)
        if name is not None and not name.strip():
            self._section.refuse("name", "'name' is empty")
        return (name or "").strip()

    def _condition(self, names: NameChecker) -> str | None:
        node = self._section.node.entries.get("if")
        condition = self._section.text("if")
        if condition is not None and isinstance(node, Scalar):
            names.check_workflow_condition(node)
        return condition

    def _limits(self) -> Limits:
        section = self._section.child("limits")
        if section is None:
            return Limits()
        section.refuse_unknown(("cost", "cheaper_model"), what="in 'limits'")
        model = section.line("cheaper_model", longest=300)
        if model is not None and not _MODEL.fullmatch(model):
            section.refuse("cheaper_model", "'cheaper_model' must be vendor:name, as in the model of an agent block")
        return Limits(cost=section.number("cost", least=0, most=MAX_COST), cheaper_model=model)

    def _inputs(self) -> ReadOnlyMapping[str, InputSpec] | None:
        """The context variables; None when the section cannot be read, so that none counts as undeclared."""
        if is_absent(self._section.node.entries.get("inputs")):
            return {}
        section = self._section.child("inputs")
        if section is None:
            return None
        if len(section.node.entries) > MAX_INPUTS:
            self._section.refuse("inputs", f"there may be at most {MAX_INPUTS} inputs")
        found = {name: InputSpec(name=name) for name in section.node.entries}
        for child in section.children(or_empty=True):
            spec = self._input(child, section.node.keys[child.path.removeprefix("inputs.")])
            found[spec.name] = spec
        return found

    def _input(self, section: Section, key: Scalar) -> InputSpec:
        if not _INPUT_NAME.fullmatch(key.text):
            message = f"'{key.text}' is no valid name; use letters, digits, _ and -, beginning with a letter or _"
            self._problems.add(key, section.path, message)
        elif key.text in RESERVED_NAMES:
            self._problems.add(key, section.path, f"'{key.text}' has a meaning of its own; choose another name")
        section.refuse_unknown(("description", "required", "default"), what="in an input")
        return InputSpec(
            name=key.text,
            description=section.text("description") or "",
            required=section.boolean("required"),
            default=section.text("default", longest=1_000_000),
        )

    def _blocks(self) -> list[WrittenBlock]:
        if is_absent(self._section.node.entries.get("blocks")):
            self._section.refuse("blocks", "'blocks' is missing; a workflow has at least one block")
            return []
        section = self._section.child("blocks")
        if section is None:
            return []
        count = len(section.node.entries)
        if not 1 <= count <= MAX_BLOCKS:
            self._section.refuse("blocks", f"a workflow has from 1 to {MAX_BLOCKS:,} blocks, this one {count:,}")
            return []
        keys = section.node.keys
        return [read_block(child, key=keys[child.path.removeprefix("blocks.")]) for child in section.children()]

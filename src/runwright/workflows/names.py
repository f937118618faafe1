"""Whether the names in templates and conditions mean something: declared variables, blocks upstream."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from runwright.blocks.base import Marker
from runwright.workflows import expressions
from runwright.workflows.config_check import MarkedText
from runwright.workflows.lookups import ExpressionError, Lookup, Root
from runwright.workflows.nodes import Scalar
from runwright.workflows.problems import Problems, did_you_mean


@dataclass(frozen=True, slots=True)
class Named:
    """The context variables and block keys that the texts of a block name, each once."""

    variables: tuple[str, ...]
    blocks: tuple[str, ...]


class Surroundings(Protocol):
    """What a block sees of the others."""

    @property
    def keys(self) -> Iterable[str]:
        """The keys of all blocks."""

    def is_upstream(self, key: str) -> bool | None:
        """Whether a block always settles before this one; None when that cannot be told."""

    def takes_callbacks(self, key: str) -> bool:
        """Whether a block waits to be called back."""


class NameChecker:
    """Checks names against the inputs; with None for these, variables are not checked."""

    def __init__(self, inputs: Sequence[str] | None, problems: Problems) -> None:
        self._inputs = None if inputs is None else frozenset(inputs)
        self._problems = problems

    def check_block(self, texts: Iterable[MarkedText], *, key: str, surroundings: Surroundings) -> Named:
        """Check the texts of a block and collect what they name."""
        lookups: list[Lookup] = []
        for text in texts:
            for lookup in self._lookups(text):
                lookups.append(lookup)
                self._check(lookup, text, key=key, surroundings=surroundings)
        return Named(_names(lookups, Root.VARIABLE), _names(lookups, Root.BLOCK))

    def check_workflow_condition(self, node: Scalar) -> None:
        """Check the workflow's own condition, which runs before any block."""
        text = MarkedText(node, "if", Marker.CONDITION)
        for lookup in self._lookups(text):
            if lookup.root in (Root.BLOCK, Root.CALLBACK):
                message = f"'{lookup.source}' is not there yet: this condition is tested before any block runs"
                self._note(lookup, text, message)
            else:
                self._check_variable(lookup, text)

    def _lookups(self, text: MarkedText) -> tuple[Lookup, ...]:
        is_condition = text.marker is Marker.CONDITION
        try:
            return expressions.references(text.node.text, condition=is_condition).lookups
        except ExpressionError as error:
            self._problems.add_expression(text.node, text.path, error)
            return ()

    def _check(self, lookup: Lookup, text: MarkedText, *, key: str, surroundings: Surroundings) -> None:
        if lookup.root is Root.CALLBACK:
            if not surroundings.takes_callbacks(lookup.name):
                message = f"'{lookup.name}' is no wait block with callback: true, so it has no address to call back"
                self._note(lookup, text, message)
        elif lookup.root is not Root.BLOCK:
            self._check_variable(lookup, text)
        elif lookup.name == key:
            self._note(lookup, text, f"'{lookup.source}' is the block's own output, which is not there yet")
        elif lookup.name not in surroundings.keys:
            hint = did_you_mean(lookup.name, surroundings.keys)
            self._note(lookup, text, f"there is no block '{lookup.name}'{hint}")
        elif surroundings.is_upstream(lookup.name) is False:
            self._note(lookup, text, f"'{lookup.name}' is not upstream of this block; add it to 'needs'")

    def _check_variable(self, lookup: Lookup, text: MarkedText) -> None:
        if lookup.root is Root.LOCAL and not text.in_items:
            self._note(lookup, text, f"'{lookup.name}' is known only inside a map block")
        elif lookup.root is Root.VARIABLE and self._inputs is not None and lookup.name not in self._inputs:
            hint = did_you_mean(lookup.name, self._inputs) or "; declare it under 'inputs'"
            self._note(lookup, text, f"there is no context variable '{lookup.name}'{hint}")

    def _note(self, lookup: Lookup, text: MarkedText, message: str) -> None:
        self._problems.add_expression(text.node, text.path, ExpressionError(message, lookup.offset))


def _names(lookups: Iterable[Lookup], root: Root) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lookup.name for lookup in lookups if lookup.root is root))

"""Templates (``{{ name | filter }}`` in texts) and conditions: checked when saved, evaluated when run.

The language is closed: names are looked up by this package (:mod:`.lookups`), so the engine underneath never sees an
object of ours, only plain JSON under made-up names; there are no calls, no arithmetic, no statements, and a value is
never expanded again.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, Final, TypeVar

import minijinja

from runwright.blocks.base import BlockError, Scope
from runwright.kit.json import Json
from runwright.workflows.filters import FILTERS, TESTS, refuse_longer, text_of
from runwright.workflows.grammar import check_condition as _check_condition_grammar
from runwright.workflows.grammar import check_hole, compared_by_order
from runwright.workflows.lookups import MISSING, ExpressionError, Lookup, Root, find, require
from runwright.workflows.tokens import Token, scan

__all__ = ["ExpressionError", "References", "check_condition", "check_template", "references", "render", "test"]

MAX_TEMPLATE: Final = 200_000
"""Longest template, in characters."""
MAX_CONDITION: Final = 4_000
"""Longest condition, and longest ``{{ }}``, in characters."""
_FUEL: Final = 50_000
_CACHED_LENGTH: Final = 20_000
_OPENING: Final = re.compile(r"\{\{|\{%|\{#")


@dataclass(frozen=True, slots=True)
class References:
    """Every name a text looks up, in the order written; ``variables`` and ``blocks`` have each name once."""

    lookups: tuple[Lookup, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Context variables."""
        return self._names(Root.VARIABLE)

    @property
    def blocks(self) -> tuple[str, ...]:
        """Keys of blocks whose output is named."""
        return self._names(Root.BLOCK)

    def _names(self, root: Root) -> tuple[str, ...]:
        return tuple(dict.fromkeys(lookup.name for lookup in self.lookups if lookup.root is root))


def check_template(text: str) -> References:
    """Check a template and tell what it looks up.

    Raises:
        ExpressionError: it is not well formed.
    """
    return _template(text).references if "{" in text else References()


def check_condition(text: str) -> References:
    """Check a condition and tell what it looks up.

    Raises:
        ExpressionError: it is not well formed.
    """
    return _condition(text).references


def references(text: str, *, condition: bool = False) -> References:
    """What a template, or a condition, looks up.

    Raises:
        ExpressionError: it is not well formed.
    """
    return check_condition(text) if condition else check_template(text)


def render(value: Json, scope: Scope) -> Json:
    """Look up every ``{{ name }}`` in a text, or in all texts (not the keys) of a JSON value.

    Raises:
        BlockError: a name is not there, or a filter refused its value.
    """
    if isinstance(value, str):
        return _render_text(value, scope)
    if isinstance(value, list):
        return [render(item, scope) for item in value]
    if isinstance(value, dict):
        return {key: render(item, scope) for key, item in value.items()}
    return value


def test(condition: str, scope: Scope) -> bool:
    """Evaluate a condition. An empty text is false, as is the output of a block that was skipped.

    Raises:
        BlockError: a name is not there, or the values do not compare.
    """
    return _well_formed(_condition, condition).evaluate(scope) == "1"


def _render_text(text: str, scope: Scope) -> str:
    if "{" not in text:
        return text
    parts: list[str] = []
    length = 0
    for part in _well_formed(_template, text).parts:
        rendered = part if isinstance(part, str) else part.render(scope)
        length += len(rendered)
        refuse_longer(length)
        parts.append(rendered)
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A made-up name the engine sees instead of a look-up."""

    name: str
    lookup: Lookup
    optional: bool
    """Followed by ``is defined`` or ``| default``: may be missing."""
    numeric: bool
    """Compared by order: must be a number."""

    def fill(self, values: dict[str, Json], scope: Scope) -> None:
        value = find(self.lookup, scope) if self.optional else require(self.lookup, scope)
        if value is MISSING:
            return
        if self.numeric and (isinstance(value, bool) or not isinstance(value, (int, float))):
            shown = text_of(value)[:40]
            message = f"'{self.lookup.source}' is '{shown}', no number: it cannot be compared by order."
            raise BlockError(message, retryable=False)
        values[self.name] = value


@dataclass(frozen=True, slots=True)
class _Name:
    """A ``{{ }}`` that holds a name alone."""

    lookup: Lookup

    def render(self, scope: Scope) -> str:
        return text_of(require(self.lookup, scope))


@dataclass(frozen=True, slots=True, weakref_slot=True)
class _Expression:
    """A condition, or a ``{{ }}`` with filters, compiled by the engine under a name of its own."""

    name: str
    source: str
    slots: tuple[_Slot, ...]
    references: References

    def evaluate(self, scope: Scope) -> str:
        values: dict[str, Json] = {}
        for slot in self.slots:
            slot.fill(values, scope)
        try:
            return _ENGINE.render_template(self.name, **values)
        except minijinja.TemplateError as error:
            raise BlockError(f"'{self.source.strip()}' failed: {_detail(error)}.", retryable=False) from error

    render = evaluate


@dataclass(frozen=True, slots=True)
class _Template:
    parts: tuple[str | _Name | _Expression, ...]
    references: References


def _finalize(value: Any) -> Any:
    return NotImplemented if isinstance(value, str) else text_of(value)


def _engine() -> minijinja.Environment:
    tests = {name: function for name, function in TESTS.items() if function}
    return minijinja.Environment(
        undefined_behavior="strict",
        pycompat=False,
        fuel=_FUEL,
        debug=False,
        auto_escape_callback=lambda _name: False,
        finalizer=_finalize,
        filters={name: filter.function for name, filter in FILTERS.items() if filter.function},
        tests=tests,
    )


_ENGINE: Final = _engine()
_numbers: Final = count(1)


def _detail(error: minijinja.TemplateError) -> str:
    if error.kind == "UndefinedError":
        return "there is no value"
    if error.kind == "OutOfFuel":
        return "it is too much work"
    return error.detail or error.message


def _compile_template(text: str) -> _Template:
    if len(text) > MAX_TEMPLATE:
        raise ExpressionError(f"a text may have at most {MAX_TEMPLATE:,} characters", MAX_TEMPLATE)
    parts: list[str | _Name | _Expression] = []
    lookups: list[Lookup] = []
    position = 0
    while opening := _OPENING.search(text, position):
        if opening.group() != "{{":
            raise _statement_refused(opening)
        parts.append(text[position : opening.start()])
        hole, end = _compile_hole(text, opening.end())
        parts.append(hole)
        lookups += [hole.lookup] if isinstance(hole, _Name) else hole.references.lookups
        position = end
    parts.append(text[position:])
    return _Template(tuple(part for part in parts if part), References(tuple(lookups)))


def _statement_refused(opening: re.Match[str]) -> ExpressionError:
    sign = opening.group()
    message = f"'{sign}' has no meaning here, only {{{{ name }}}} has; to have it in the text, write {{{{ '{sign}' }}}}"
    return ExpressionError(message, opening.start())


def _compile_hole(text: str, start: int) -> tuple[_Name | _Expression, int]:
    tokens, end = scan(text, start=start, closing="}}")
    if end - start > MAX_CONDITION:
        raise ExpressionError(f"'{{{{ }}}}' may have at most {MAX_CONDITION:,} characters", start)
    check_hole(tokens)
    after = end + len("}}")
    if len(tokens) == 2 and tokens[0].lookup is not None:
        return _Name(tokens[0].lookup), after
    return _compile(tokens, source=text[start:end], before="{{ ", behind="}}"), after


def _compile_condition(text: str) -> _Expression:
    if len(text) > MAX_CONDITION:
        raise ExpressionError(f"a condition may have at most {MAX_CONDITION:,} characters", MAX_CONDITION)
    if "{{" in text:
        raise ExpressionError("a condition names values without {{ }}", text.index("{{"))
    tokens, _ = scan(text)
    _check_condition_grammar(tokens)
    return _compile(tokens, source=text, before="{% if ", behind="%}1{% endif %}")


def _compile(tokens: Sequence[Token], *, source: str, before: str, behind: str) -> _Expression:
    slots = _slots(tokens)
    words = [slots[position].name if position in slots else token.text for position, token in enumerate(tokens)]
    name = f"expression-{next(_numbers)}"
    try:
        _ENGINE.add_template(name, before + " ".join(words) + behind)
    except minijinja.TemplateError as error:
        raise _syntax_error(error, tokens=tokens, words=words, start=len(before)) from error
    lookups = References(tuple(token.lookup for token in tokens if token.lookup))
    expression = _Expression(name, source, tuple(slots.values()), lookups)
    weakref.finalize(expression, _ENGINE.remove_template, name)
    return expression


def _slots(tokens: Sequence[Token]) -> dict[int, _Slot]:
    numeric = compared_by_order(tokens)
    return {
        position: _Slot(
            name=f"p{position}",
            lookup=token.lookup,
            optional=_may_be_missing(tokens, position),
            numeric=position in numeric,
        )
        for position, token in enumerate(tokens)
        if token.lookup
    }


def _may_be_missing(tokens: Sequence[Token], position: int) -> bool:
    words = tuple(token.text for token in tokens[position + 1 : position + 4])
    return any(words[: len(phrase)] == phrase for phrase in _MAY_BE_MISSING)


_MAY_BE_MISSING: Final = (
    ("|", "default"),
    ("is", "defined"),
    ("is", "undefined"),
    ("is", "not", "defined"),
    ("is", "not", "undefined"),
)


def _syntax_error(
    error: minijinja.TemplateError, *, tokens: Sequence[Token], words: Iterable[str], start: int
) -> ExpressionError:
    """The engine's complaint, at the place in the text as written that it is about."""
    at = error.range[0] if error.range else 0
    offset = tokens[0].offset
    for token, word in zip(tokens, words, strict=True):
        if start > at:
            break
        offset = token.offset
        start += len(word.encode()) + 1
    return ExpressionError((error.detail or error.message).replace("end of variable block", "'}}'"), offset)


C = TypeVar("C")


def _cached(compile_text: Callable[[str], C]) -> Callable[[str], C]:
    """Keep what was compiled of texts that are not too long to keep."""
    remembered = lru_cache(maxsize=4096)(compile_text)
    return lambda text: remembered(text) if len(text) <= _CACHED_LENGTH else compile_text(text)


_template: Final[Callable[[str], _Template]] = _cached(_compile_template)
_condition: Final[Callable[[str], _Expression]] = _cached(_compile_condition)


def _well_formed(compile_text: Callable[[str], C], text: str) -> C:
    try:
        return compile_text(text)
    except ExpressionError as error:
        raise BlockError(f"'{text[:60]}' is not well formed: {error.message}.", retryable=False) from error

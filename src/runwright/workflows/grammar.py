"""What may stand where in a template's ``{{ }}`` and in a condition, beyond what the engine's own parser checks."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from runwright.workflows.filters import FILTERS, TESTS, Gives
from runwright.workflows.lookups import ExpressionError, Root
from runwright.workflows.tokens import COMPARISONS, Kind, Token

_ORDERINGS: Final = frozenset({"<", "<=", ">", ">="})
_TEMPLATE_WORDS: Final = frozenset({"true", "false", "none"})
_TEMPLATE_SIGNS: Final = frozenset({"|", "(", ")", ","})


def check_hole(tokens: Sequence[Token]) -> None:
    """Refuse everything in ``{{ }}`` but a look-up and filters.

    Raises:
        ExpressionError: it is something else.
    """
    if tokens[0].kind is Kind.END:
        raise ExpressionError("'{{ }}' is empty: write the name of a value in it", tokens[0].offset)
    _check_words(tokens)
    for position, token in enumerate(tokens):
        is_word = token.kind is Kind.WORD and not is_filter(tokens, position)
        if is_word and token.text not in _TEMPLATE_WORDS:
            raise _no_condition(token)
        if token.kind is Kind.SIGN and token.text not in _TEMPLATE_SIGNS:
            raise _no_condition(token)
        if token.text == "(" and token.kind is Kind.SIGN and not is_filter(tokens, position - 1):
            raise _no_condition(token)


def check_condition(tokens: Sequence[Token]) -> None:
    """Refuse calls, unknown filters and tests, and comparisons of a text with a number.

    Raises:
        ExpressionError: one of these is there.
    """
    if tokens[0].kind is Kind.END:
        raise ExpressionError("the condition is empty", tokens[0].offset)
    _check_words(tokens)
    for position, token in enumerate(tokens):
        if token.kind is Kind.SIGN and token.text in COMPARISONS:
            _check_comparison(tokens, position)


def is_filter(tokens: Sequence[Token], position: int) -> bool:
    """Whether the token is a filter's name."""
    return position > 0 and tokens[position - 1].text == "|"


def is_test(tokens: Sequence[Token], position: int) -> bool:
    """Whether the token is a test's name."""
    words = [token.text for token in tokens[max(0, position - 2) : position] if token.kind is Kind.WORD]
    return tokens[position].text != "not" and (words[-1:] == ["is"] or words == ["is", "not"])


def compared_by_order(tokens: Sequence[Token]) -> set[int]:
    """Positions of look-ups that stand, without a filter, beside ``<``, ``<=``, ``>`` or ``>=``."""
    found: set[int] = set()
    for position, token in enumerate(tokens):
        if token.kind is Kind.SIGN and token.text in _ORDERINGS:
            ends = (_inside(tokens, position - 1), _inside(tokens, _operand_end(tokens, position + 1)))
            found.update(end for end in ends if tokens[end].kind is Kind.LOOKUP)
    return found


def _check_words(tokens: Sequence[Token]) -> None:
    for position, token in enumerate(tokens):
        if token.kind is Kind.WORD and is_filter(tokens, position):
            _check_known(token, known=tuple(FILTERS), what="filter")
        elif token.kind is Kind.WORD and is_test(tokens, position):
            _check_known(token, known=tuple(TESTS), what="test")
        elif token.kind is Kind.SIGN and token.text == "(":
            _check_no_call(tokens, position)


def _check_known(token: Token, *, known: tuple[str, ...], what: str) -> None:
    if token.text not in known:
        close = get_close_matches(token.text, known, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"there are {', '.join(known)}"
        raise ExpressionError(f"there is no {what} '{token.text}': {hint}", token.offset)


def _check_no_call(tokens: Sequence[Token], position: int) -> None:
    if position == 0:
        return
    before = tokens[position - 1]
    is_value = before.kind in (Kind.LOOKUP, Kind.STRING, Kind.NUMBER) or before.text in (")", "]")
    if is_value and not is_test(tokens, position - 1):
        raise ExpressionError(f"'{before.text}(…)': nothing can be called here", before.offset)


def _no_condition(token: Token) -> ExpressionError:
    return ExpressionError(
        f"'{token.text}': between {{{{ and }}}} there is only a name and filters; "
        "comparisons belong in 'if' or in a condition block",
        token.offset,
    )


def _check_comparison(tokens: Sequence[Token], position: int) -> None:
    sign = tokens[position]
    sides = [_inside(tokens, side) for side in (position - 1, _operand_end(tokens, position + 1))]
    kinds = [_gives(tokens, side) for side in sides]
    ordering = sign.text in _ORDERINGS
    if Gives.TEXT in kinds and (ordering or Gives.NUMBER in kinds):
        text = tokens[sides[kinds.index(Gives.TEXT)]]
        remedy = f"write {text.text} | int" if text.kind is Kind.LOOKUP else "turn it into one with | int"
        raise ExpressionError(f"'{sign.text}' compares a number with '{text.text}', a text: {remedy}", text.offset)


def _gives(tokens: Sequence[Token], position: int) -> Gives:
    token = tokens[position]
    if token.kind is Kind.NUMBER:
        return Gives.NUMBER
    if token.kind is Kind.STRING:
        return Gives.TEXT
    if token.kind is Kind.WORD and is_filter(tokens, position):
        return FILTERS[token.text].gives
    if token.lookup is None:
        return Gives.ANY
    if token.lookup.root is Root.LOCAL and token.lookup.name == "index":
        return Gives.NUMBER
    return Gives.TEXT if token.lookup.is_text else Gives.ANY


def _inside(tokens: Sequence[Token], position: int) -> int:
    """From the closing parenthesis of a filter's arguments to the filter's name, of a group to its last token."""
    while position > 0 and tokens[position].text == ")":
        opening = _opening(tokens, position)
        position = opening - 1 if is_filter(tokens, opening - 1) else position - 1
    return max(position, 0)


def _opening(tokens: Sequence[Token], closing: int) -> int:
    depth = 0
    for position in range(closing, -1, -1):
        depth += {")": 1, "(": -1}.get(tokens[position].text, 0)
        if depth == 0:
            return position
    raise ExpressionError("')' closes nothing", tokens[closing].offset)


def _operand_end(tokens: Sequence[Token], start: int) -> int:
    """The last token of the operand that begins at ``start``."""
    depth = 0
    for position in range(start, len(tokens)):
        token = tokens[position]
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
        if token.kind is Kind.END or depth < 0 or (depth == 0 and _separates(token)):
            return max(position - 1, 0)
    return len(tokens) - 1


def _separates(token: Token) -> bool:
    if token.kind is Kind.SIGN:
        return token.text in COMPARISONS or token.text == ","
    return token.kind is Kind.WORD and token.text in _BETWEEN_OPERANDS


_BETWEEN_OPERANDS: Final = frozenset({"and", "or", "in", "is", "not"})

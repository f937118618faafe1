"""Expressions cut into words. Only the words of a closed language pass; everything else is refused here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from runwright.workflows.lookups import ExpressionError, Lookup, make_lookup


class Kind(Enum):
    """What a word is."""

    LOOKUP = "lookup"
    WORD = "word"
    """A keyword, or the name of a filter or test."""
    STRING = "string"
    NUMBER = "number"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression, with its place in the whole text."""

    kind: Kind
    text: str
    offset: int
    lookup: Lookup | None = None


KEYWORDS: Final = frozenset({"and", "or", "not", "in", "is", "true", "false", "none"})
COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})

_SPACE = re.compile(r"\s*")
# A hyphen belongs to the name: there is no subtraction it could be.
_NAME = re.compile(r"[^\W\d][\w-]*")
_DOT_FIELD = re.compile(r"\s*\.\s*(\w[\w-]*)")
_INDEX_FIELD = re.compile(r"\[\s*(?:(\d{1,9})|(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'))\s*\]", re.DOTALL)
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?(?![\w.])")
_SIGN = re.compile(r"==|!=|<=|>=|[<>|(),\[\]]")
_ARITHMETIC = frozenset("+-*/%~")


def scan(text: str, *, start: int = 0, closing: str = "") -> tuple[list[Token], int]:
    """Cut an expression into tokens, up to ``closing`` (left unread) or the end of the text.

    Returns:
        The tokens, ended by one of kind END, and the offset at which reading stopped.

    Raises:
        ExpressionError: something stands there that the language does not have, or ``closing`` is missing.
    """
    tokens: list[Token] = []
    position = start
    while True:
        position = _skip_space(text, position)
        if closing and text.startswith(closing, position):
            break
        if position == len(text):
            if closing:
                raise ExpressionError(f"'{{{{' is not closed with '{closing}'", start)
            break
        token, position = _next(text, position, before=tokens)
        tokens.append(token)
    tokens.append(Token(Kind.END, "", position))
    return tokens, position


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _next(text: str, position: int, *, before: list[Token]) -> tuple[Token, int]:
    if match := _STRING.match(text, position):
        return Token(Kind.STRING, match.group(), position), match.end()
    if match := _NUMBER.match(text, position):
        return Token(Kind.NUMBER, match.group(), position), match.end()
    if match := _SIGN.match(text, position):
        return Token(Kind.SIGN, match.group(), position), match.end()
    if match := _NAME.match(text, position):
        return _name(text, match, before=before)
    raise _refusal(text, position)


def _name(text: str, match: re.Match[str], *, before: list[Token]) -> tuple[Token, int]:
    word, position = match.group(), match.start()
    if word in ("True", "False", "None"):
        word = word.lower()
    if word in KEYWORDS or _expects_word(before):
        return Token(Kind.WORD, word, position), match.end()
    segments: list[str | int] = [word]
    end = match.end()
    while field := _DOT_FIELD.match(text, end) or _INDEX_FIELD.match(text, end):
        segments.append(_segment(field))
        end = field.end()
    lookup = make_lookup(tuple(segments), source=text[position:end], offset=position)
    return Token(Kind.LOOKUP, text[position:end], position, lookup), end


def _expects_word(before: list[Token]) -> bool:
    """Whether a filter's name (after ``|``) or a test's (after ``is`` or ``is not``) comes next."""
    words = [token.text for token in before[-2:] if token.kind in (Kind.WORD, Kind.SIGN)]
    return words[-1:] in (["|"], ["is"]) or words == ["is", "not"]


def _segment(field: re.Match[str]) -> str | int:
    if field.re is _DOT_FIELD:
        return field.group(1)
    number, quoted = field.groups()
    return int(number) if number else re.sub(r"\\(.)", r"\1", quoted[1:-1], flags=re.DOTALL)


def _refusal(text: str, position: int) -> ExpressionError:
    sign = text[position]
    if sign in "\"'":
        return ExpressionError("this text is not closed with a quotation mark", position)
    if sign in _ARITHMETIC:
        return ExpressionError(f"'{sign}': there is no arithmetic here, values are only looked up", position)
    if sign == "=":
        return ExpressionError("'=' compares nothing: write ==", position)
    if sign.isdigit():
        return ExpressionError("this number is too long or not well formed", position)
    return ExpressionError(f"'{sign}' has no meaning here", position)

"""Texts that people type: cleaned, or refused with the field's name and the remedy."""

from __future__ import annotations

import re
import unicodedata

from runwright.errors import Invalid
from runwright.kit.money import Micros, parse_usd

MAX_NAME = 200
MAX_EMAIL = 254
MIN_PASSWORD = 10
MAX_PASSWORD = 512

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+")
# Control characters, lone surrogates, line separators; then the invisible ones that make two names look alike.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_REFUSED_INVISIBLE = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean_name(text: str, *, field: str = "name") -> str:
    """A name for people: trimmed, composed (NFC), 1 to 200 characters, on one line.

    Raises:
        Invalid: it is empty, too long, or holds characters that cannot be shown.
    """
    name = _composed(text, field=field, longest=MAX_NAME)
    if not name:
        raise _invalid(field, "must not be empty")
    return name


def clean_email(text: str, *, field: str = "email") -> str:
    """An e-mail address in lower case, as it is stored and looked up.

    Raises:
        Invalid: it does not look like ``name@host``.
    """
    email = _composed(text, field=field, longest=MAX_EMAIL).lower()
    if _EMAIL.fullmatch(email) is None:
        raise _invalid(field, "must be an e-mail address such as ann@example.com")
    return email


def clean_password(text: str, *, field: str = "password") -> str:
    """A new password, in the one form (NFKC) in which every keyboard gives the same bytes.

    Raises:
        Invalid: it is too short or too long.
    """
    password = normal_password(text)
    if password is None:
        raise _invalid(field, "holds characters that cannot be stored")
    if len(password) < MIN_PASSWORD:
        raise _invalid(field, f"must have at least {MIN_PASSWORD} characters")
    if len(password) > MAX_PASSWORD:
        raise _invalid(field, f"must have at most {MAX_PASSWORD} characters")
    return password


def normal_password(text: str) -> str | None:
    """The form in which a password is hashed and checked, None when there is none (lone surrogates)."""
    if any(unicodedata.category(character) == "Cs" for character in text[: MAX_PASSWORD + 1]):
        return None
    return unicodedata.normalize("NFKC", text[: MAX_PASSWORD + 1])


def clean_amount(text: str, *, field: str) -> Micros:
    """An amount of US dollars, see :func:`~runwright.kit.money.parse_usd`.

    Raises:
        Invalid: the text is no such amount.
    """
    try:
        return parse_usd(text)
    except ValueError as error:
        raise _invalid(field, str(error)) from error


def _composed(text: str, *, field: str, longest: int) -> str:
    trimmed = text.strip()
    if len(trimmed) > longest:
        raise _invalid(field, f"must have at most {longest} characters, it has {len(trimmed)}")
    for character in trimmed:
        if character in _REFUSED_INVISIBLE or unicodedata.category(character) in _REFUSED_CATEGORIES:
            raise _invalid(field, f"holds a character that cannot be shown (U+{ord(character):04X})")
    return unicodedata.normalize("NFC", trimmed)


def _invalid(field: str, problem: str) -> Invalid:
    return Invalid(f"{field}: {problem}", details={"field": field})

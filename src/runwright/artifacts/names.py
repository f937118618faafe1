"""Names of files. One that a person gives is refused when it could do harm; one that a run makes is made safe.

A file is only ever addressed by its id, and the store knows it by its content: a name is what people read, what a
browser saves it as, and what stands in a zip file. There it must lead nowhere, and look like what it is.
"""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from functools import cache

from runwright.errors import Invalid
from runwright.kit.json import loads

MAX_NAME = 200
"""Characters of a name."""
OCTETS = "application/octet-stream"

_FORBIDDEN = frozenset('/\\<>:"|?*')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE | re.DOTALL)
# Control characters, those that reorder or hide text (bidirectional marks, zero width), lone surrogates, separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKDOWN = re.compile(r"^(#{1,6} \S|\s*([-*+]|\d+[.)]) +\S|```|>\s|\|.*\|\s*$)|\*\*\S|\]\(\S", re.MULTILINE)
_OWN_TYPES = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".log": "text/plain",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".toml": "application/toml",
    ".ts": "text/plain",
    ".har": "application/json",
}


def problem_of(name: str) -> str | None:
    """What is wrong with a file name, as the end of a sentence; None: nothing."""
    if not name.strip():
        return "must not be empty"
    if len(name) > MAX_NAME:
        return f"must have at most {MAX_NAME} characters"
    for character in name:
        if character in _FORBIDDEN:
            return f"must not hold {character} : it is the name of a file, without folders"
        if unicodedata.category(character) in _UNSEEN:
            return f"must not hold the invisible character U+{ord(character):04X}"
    if name != name.strip() or name.strip(".") == "" or name.endswith("."):
        return "must not begin or end with a space, or end with a dot"
    if _RESERVED.fullmatch(name):
        return "is a name that Windows keeps for itself"
    return None


def require_good(name: str) -> str:
    """A name as a person gave it, in Unicode's composed form.

    Raises:
        Invalid: it is none.
    """
    composed = unicodedata.normalize("NFC", name)
    problem = problem_of(composed)
    if problem is not None:
        raise Invalid(f"name: {problem}", details={"field": "name"})
    return composed


def made_safe(name: str, *, otherwise: str) -> str:
    """The nearest good name; ``otherwise`` when nothing of it is left."""
    # Of an endless one its beginning and its end, which tells the type.
    given = name if len(name) <= MAX_NAME * 10 else name[: MAX_NAME * 5] + name[-MAX_NAME * 5 :]
    text = unicodedata.normalize("NFC", given)
    text = "".join(_safe_character(character) for character in text).strip().lstrip(".-").rstrip(". ")
    text = _cut(text)
    if not text:
        return otherwise
    return f"_{text}" if _RESERVED.fullmatch(text) else text


def _safe_character(character: str) -> str:
    if character in _FORBIDDEN or character in "\r\n\t":
        return "-"
    return "" if unicodedata.category(character) in _UNSEEN else character


def _cut(name: str) -> str:
    """At most as long as a name may be; what follows the last dot is kept, as it tells the type."""
    if len(name) <= MAX_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 20:
        return name[:MAX_NAME].rstrip(". ")
    return stem[: MAX_NAME - len(ending) - 1].rstrip(". ") + dot + ending


def content_type_of(name: str) -> str:
    """The media type that a file's name says, without looking inside."""
    ending = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    if ending in _OWN_TYPES:
        return _OWN_TYPES[ending]
    guessed, encoding = _types().guess_type(f"file{ending}", strict=False)
    return OCTETS if guessed is None or encoding is not None else guessed


@cache
def _types() -> mimetypes.MimeTypes:
    # Python's own table, without the one of the machine: the same everywhere.
    return mimetypes.MimeTypes()


def ending_for(text: str) -> str:
    """The ending of a file that has no name of its own: by what the text looks like."""
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        try:
            loads(stripped)
        except (ValueError, RecursionError):
            pass
        else:
            return ".json"
    return ".md" if _MARKDOWN.search(stripped[:20_000]) else ".txt"

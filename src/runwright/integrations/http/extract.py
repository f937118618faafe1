"""Takes values out of JSON by paths (RFC 9535), within limits that keep a path from becoming a program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from runwright.kit.json import Json, loads

if TYPE_CHECKING:
    from jsonpath import JSONPath

MAX_LENGTH = 500
MAX_FOUND = 100_000
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_EXPENSIVE = re.compile(r"\bmatch\b|\bsearch\b|=~|\bisinstance\b")


class PathError(ValueError):
    """The path is none, or wants too much."""


class NotFound(Exception):
    """The path leads to nothing in this JSON; the text says so."""


@dataclass(frozen=True, slots=True)
class Found:
    """All values a path leads to. ``single``: the path can lead to one at most."""

    values: list[Json]
    single: bool


def check_path(path: str) -> None:
    """Refuse what is no path, or could take for ever.

    Raises:
        PathError: the reason.
    """
    compiled(path)


@lru_cache(maxsize=512)
def compiled(path: str) -> JSONPath:
    """A path ready for use.

    Raises:
        PathError: it is none, or could take for ever.
    """
    if len(path) > MAX_LENGTH or not path.startswith("$"):
        raise PathError(f"{path[:100]!r} is no JSON path: it begins with $, as in $.items[*].name")
    plain = _QUOTED.sub("''", path)
    if plain.count("..") > 1 or plain.count("$") > 1 or plain.count("?") > 2:
        raise PathError(f"{path!r} goes through all levels, the top or a filter more than once; name the levels")
    if _EXPENSIVE.search(plain) or re.search(r"\*\s*,|,\s*\*", plain) or plain.count(",") > 10:
        raise PathError(f"{path!r} uses a pattern or a list of wildcards, which paths here cannot; use a code block")
    from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError

    try:
        found = JSONPathEnvironment(strict=True).compile(path)
    except (JSONPathError, RecursionError) as error:
        reason = str(error).split("\n", 1)[0]
        raise PathError(f"{path!r} is no JSON path: {reason}") from None
    assert isinstance(found, JSONPath)
    return found


def find(path: str, value: Json) -> Found:
    """All values a path leads to.

    Raises:
        PathError: the path is none.
        NotFound: there are more than 100,000, or the JSON is nested too deeply.
    """
    found = compiled(path)
    values: list[Any] = []
    try:
        for match in found.finditer(value):
            values.append(match.obj)
            if len(values) > MAX_FOUND:
                raise NotFound(f"{path} leads to more than {MAX_FOUND} values; name fewer")
    except RecursionError:
        raise NotFound(f"the answer is nested too deeply for {path}") from None
    return Found(values, single=found.singular_query())


def take(path: str, value: Json) -> Json:
    """The value a path leads to; of one that can lead to several the list of all.

    Raises:
        NotFound: a path to one value leads to none.
    """
    found = find(path, value)
    if not found.single:
        return found.values
    if not found.values:
        raise NotFound(f"{path} leads to nothing in the answer")
    return found.values[0]


def parse(text: str) -> Json:
    """An answer as JSON.

    Raises:
        NotFound: it is none.
    """
    try:
        return loads(text)
    except (ValueError, RecursionError):
        start = text.strip()[:80]
        raise NotFound(f"the answer is no JSON; it begins with {start!r}") from None

"""Keeps secrets out of recordings: each is replaced by a name, the same one wherever it appears."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, quote_plus

from runwright.kit.json import Json, dumps, loads
from runwright.kit.secrets import SECRET_NAMES, SECRET_TEXTS

_SHORTEST = 4
_LARGEST_READ = 1_000_000
_PAGING = ("page", "next", "cursor", "continuation")


@dataclass
class Secrets:
    """The secrets of one test. A value once seen under a secret's name is hidden in all that follows.

    What stands for it depends on the name alone, so that a replay, which sees only the replacement, gives the same
    texts as the recording.
    """

    _names: dict[str, str] = field(default_factory=dict, repr=False)
    """What stands for each secret."""

    def add(self, name: str, values: Iterable[str]) -> None:
        """Hide these values from now on."""
        for value in values:
            if len(value) < _SHORTEST or value in self._names or _is_replacement(value):
                continue
            taken = sum(replacement.startswith(f"[secret {name}") for replacement in self._names.values())
            self._names[value] = f"[secret {name}{f' {taken + 1}' if taken else ''}]"

    def learn(self, text: str, *, form: bool = False) -> None:
        """Look for secrets in a body or text. ``form`` says that it is a query or the fields of a form."""
        if len(text) > _LARGEST_READ:
            return
        if form:
            for name, value in parse_qsl(text):
                self._learn_field(name, value)
        elif text.lstrip()[:1] in ("{", "["):
            with contextlib.suppress(ValueError, RecursionError):
                self._learn_value(loads(text))
        for match in SECRET_TEXTS.finditer(text):
            self.add("key", [match.group()])

    def hide(self, text: str) -> str:
        """The text with every known secret replaced, as it is and as JSON and addresses write it."""
        for value in sorted(self._names, key=len, reverse=True):
            for form in dict.fromkeys((value, dumps(value)[1:-1], quote_plus(value), quote(value, safe=""))):
                text = text.replace(form, self._names[value])
        return text

    def _learn_value(self, value: Json) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                self._learn_field(name, inner)
                self._learn_value(inner)
        elif isinstance(value, list):
            for inner in value:
                self._learn_value(inner)

    def _learn_field(self, name: str, value: Json) -> None:
        secret = SECRET_NAMES.search(name) and not any(word in name.lower() for word in _PAGING)
        if secret and isinstance(value, str):
            self.add(name, [value])


def _is_replacement(value: str) -> bool:
    return value.startswith("[secret ") and value.endswith("]")

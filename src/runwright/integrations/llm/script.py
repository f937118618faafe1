"""What the demo provider says: deterministic answers made from the prompt, recognizable as a demo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from runwright.kit.json import Json
from runwright.kit.text import shortened

MARK = "This is a demo answer, written by a script: no language model is configured."
"""Stands at the head of every text answer."""

_COMMIT = re.compile(r"^\s*(?:[-*•]\s+)?(?:commit\s+)?(?P<id>[0-9a-f]{7,40})\s+(?P<subject>\S.*)$", re.MULTILINE)
_CONVENTIONAL = re.compile(
    r"^\s*(?:[-*•]\s+)?(?P<subject>(?:feat|fix|docs|perf|refactor|build|ci|test|chore|style|revert)"
    r"(?:\([^)\n]*\))?!?:\s+\S.*)$",
    re.MULTILINE,
)
_KIND = re.compile(r"^(?P<kind>[a-z]+)(?:\((?P<scope>[^)]*)\))?(?P<breaking>!)?:\s+(?P<text>.*)$")
_BREAKING = re.compile(r"\bbreaking\b", re.IGNORECASE)
_GROUPS: Mapping[str, frozenset[str]] = {
    "New": frozenset({"feat", "add", "adds", "added", "introduce", "support", "allow", "create", "lay"}),
    "Fixed": frozenset({"fix", "fixes", "fixed", "repair", "correct", "prevent", "revert"}),
    "Documentation": frozenset({"docs", "document", "describe", "explain"}),
}
_STEP = re.compile(r"<output of=\"(?P<key>[^\"]*)\">\n(?P<text>.*?)\n</output>", re.DOTALL)
_MAX_LINES = 200
_QUOTED = 200


def answer(prompt: str) -> str:
    """A text answer: release notes when the prompt holds commits, else a summary of what was asked."""
    subjects = commits(prompt)
    body = _release_notes(subjects) if subjects else _summary(prompt)
    return f"> {MARK}\n\n{body}"


def commits(text: str) -> list[str]:
    """The subjects of the commits in a text: lines of ``git log --oneline``, or conventional commits."""
    found = [match["subject"].strip() for match in _COMMIT.finditer(text)]
    found = found or [match["subject"].strip() for match in _CONVENTIONAL.finditer(text)]
    return list(dict.fromkeys(found))[:_MAX_LINES]


def _release_notes(subjects: list[str]) -> str:
    groups: dict[str, list[str]] = {name: [] for name in ("Breaking changes", *_GROUPS, "Changed")}
    for subject in subjects:
        groups[_group(subject)].append(_line(subject))
    sections = ["\n".join([f"## {name}", "", *lines]) for name, lines in groups.items() if lines]
    return "\n\n".join(["# Release notes (demo)", *sections])


def _group(subject: str) -> str:
    match = _KIND.match(subject)
    if (match and match["breaking"]) or _BREAKING.search(subject):
        return "Breaking changes"
    word = match["kind"] if match else subject.split()[0].lower()
    return next((name for name, words in _GROUPS.items() if word in words), "Changed")


def _line(subject: str) -> str:
    match = _KIND.match(subject)
    text = match["text"] if match else subject
    scope = f"**{match['scope']}**: " if match and match["scope"] else ""
    return f"- {scope}{text[:1].upper()}{text[1:]}"


def _summary(prompt: str) -> str:
    asked = _STEP.sub("", prompt).strip()
    lines = ["A model would now answer this (demo):", "", f"> {shortened(asked, _QUOTED)}"]
    steps = [f"- {match['key']}: {shortened(match['text'], _QUOTED)}" for match in _STEP.finditer(prompt)]
    return "\n".join([*lines, *(["", "It would know:", "", *steps] if steps else [])])


def instance(schema: Mapping[str, Any], prompt: str) -> Json:
    """A value that fits a JSON schema, with words of the prompt where it can choose and "demo" where it cannot."""
    return _Instance(schema, prompt).make(schema, name="value")


class _Instance:
    """Makes values for one schema."""

    def __init__(self, root: Mapping[str, Any], prompt: str) -> None:
        self._root = root
        self._prompt = prompt

    def make(self, schema: Any, *, name: str) -> Json:
        """A value for a part of the schema; ``name`` is the property it stands under."""
        schema = self._flattened(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._choice(schema["enum"])
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind
        maker = getattr(self, f"_{kind}", self._string)
        return maker(schema, name)

    def _flattened(self, schema: Any) -> Mapping[str, Any]:
        """The schema with references, alternatives and conjunctions resolved to one plain schema."""
        if not isinstance(schema, Mapping):
            return {}
        if "$ref" in schema:
            target: Any = self._root
            for step in str(schema["$ref"]).lstrip("#/").split("/"):
                target = target.get(step, {}) if isinstance(target, Mapping) else {}
            return self._flattened(target)
        for word in ("anyOf", "oneOf"):
            if schema.get(word):
                return self._flattened({**schema, word: None, **schema[word][0]})
        if schema.get("allOf"):
            merged = dict(schema, allOf=None)
            for part in schema["allOf"]:
                merged.update(self._flattened(part))
            return merged
        return schema

    def _choice(self, values: list[Any]) -> Json:
        """The value the prompt names most, as a careless reader would classify it."""
        text = self._prompt.lower()
        return max(values, key=lambda value: text.count(str(value).lower())) if values else None

    def _object(self, schema: Mapping[str, Any], name: str) -> Json:
        return {key: self.make(part, name=key) for key, part in schema.get("properties", {}).items()}

    def _array(self, schema: Mapping[str, Any], name: str) -> Json:
        count = min(max(schema.get("minItems", 1), 1), schema.get("maxItems", 1_000))
        items = self._flattened(schema.get("items", {}))
        lines = commits(self._prompt)
        if lines and items.get("type") == "string" and "enum" not in items:
            return lines[: max(count, min(len(lines), schema.get("maxItems", 10)))]
        return [self.make(items, name=name) for _ in range(count)]

    def _string(self, schema: Mapping[str, Any], name: str) -> Json:
        formats = {
            "date": "2026-01-01",
            "date-time": "2026-01-01T00:00:00Z",
            "time": "00:00:00Z",
            "email": "demo@example.com",
            "uri": "https://example.com/demo",
            "uuid": "00000000-0000-4000-8000-000000000000",
        }
        text = formats.get(schema.get("format", "")) or f"demo {name}"
        text = text.ljust(schema.get("minLength", 0), ".")
        return text[: schema.get("maxLength", len(text))]

    def _integer(self, schema: Mapping[str, Any], name: str) -> Json:
        return int(self._number(schema, name))

    def _number(self, schema: Mapping[str, Any], name: str) -> Json:
        lowest = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
        return max(lowest, 1) if schema.get("maximum", 1) >= 1 else min(lowest, schema["maximum"])

    def _boolean(self, schema: Mapping[str, Any], name: str) -> Json:
        return False

    def _null(self, schema: Mapping[str, Any], name: str) -> Json:
        return None

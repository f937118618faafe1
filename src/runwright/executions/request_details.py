"""What a person wants to see of an answered request, out of the checkpoint kept of it."""

from __future__ import annotations

from runwright.kit.json import Json, loads

_LONGEST = 4_000
_DEEPEST = 20
_MODELS = frozenset({"model", "judge"})


def detail_of(kind: str, response: str) -> Json:
    """The response of a checkpoint for reading; long texts in it are cut."""
    value = loads(response)
    return _cut(_answer_of(value) if kind in _MODELS else value)


def _answer_of(response: Json) -> Json:
    """Of a model's answer the text and the tools called, without the vendor's particulars."""
    parts = response.get("parts", []) if isinstance(response, dict) else []
    text = "".join(part["content"] for part in parts if part.get("part_kind") == "text")
    calls = [
        {"tool": part.get("tool_name"), "arguments": part.get("args")}
        for part in parts
        if part.get("part_kind") == "tool-call"
    ]
    return {"text": text, "calls": calls}


def _cut(value: Json, depth: int = 0) -> Json:
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}… ({len(value)} characters)"
    if isinstance(value, dict):
        return {key: _cut(part, depth + 1) for key, part in value.items()}
    return [_cut(part, depth + 1) for part in value] if isinstance(value, list) else value

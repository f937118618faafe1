"""Every route of the application, called with a body that would pass: for tests of who may call it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from runwright.kit.ids import new_uuid

WORKFLOW = """
version: 1
name: Greeting
blocks:
  greeting: {type: template, text: hello}
"""

SAMPLES = {
    "source": WORKFLOW,
    "email": "somebody@example.com",
    "password": "long enough password",
    "newPassword": "long enough password",
    "limit": "1.00",
    "amount": "1.00",
}
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Call:
    """One route with its method; ``body`` and ``params`` are samples of what it must be given."""

    method: str
    path: str
    body: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As it is shown when something is wrong with it."""
        return f"{self.method} {self.path}"

    def at(self, identifiers: Mapping[str, str]) -> str:
        """The path with the identifiers filled in; one that is not given names nothing."""
        path = self.path
        while "{" in path:
            before, _, rest = path.partition("{")
            name, _, after = rest.partition("}")
            path = before + identifiers.get(name, new_uuid()) + after
        return path


def calls(app: FastAPI) -> Iterator[Call]:
    """Every call that the OpenAPI document describes."""
    document = app.openapi()
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = operations[method]
                yield Call(
                    method=method.upper(),
                    path=path,
                    body=_body(operation, document),
                    params=_params(operation, document),
                )


def _params(operation: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    wanted = [entry for entry in operation.get("parameters", []) if entry["in"] == "query" and entry.get("required")]
    return {entry["name"]: _sample(entry["schema"], document, name=entry["name"]) for entry in wanted}


def _body(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return _sample(content.get("schema", {}), document, name="") if content else None


def _sample(schema: Mapping[str, Any], document: Mapping[str, Any], *, name: str) -> Any:
    if "$ref" in schema:
        resolved = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return _sample(resolved, document, name=name)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return _sample(schema[key][0], document, name=name)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if kind == "object":
        fields = schema.get("properties", {})
        return {field: _sample(fields[field], document, name=field) for field in schema.get("required", [])}
    plain = {"array": [], "integer": 1, "number": 1, "boolean": True, "null": None}
    return plain.get(kind, SAMPLES.get(name, "sample"))

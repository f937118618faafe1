"""MCP servers and their tools as plain data: cheap to import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

from runwright.kit.clock import Millis
from runwright.kit.json import dumps

MAX_SCHEMA = 100_000
"""Characters of JSON that the schema of a tool's arguments may have."""
_DEEPEST = 60


class Transport(StrEnum):
    """How a server is spoken to."""

    HTTP = "http"
    STDIO = "stdio"


class McpError(Exception):
    """A server gave no usable answer; the text is a sentence for people. ``retryable``: trying again could help."""

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


class McpRefused(McpError):
    """Trying again cannot help: the server is not registered, closed, not allowed, or answers nonsense."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retryable=False)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a server is: an address, or a command with its arguments. Nothing of it is secret."""

    transport: Transport
    url: str | None = None
    command: str | None = None
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class McpTool:
    """A tool as its server describes it. ``problem``: why agents cannot be given it, else None."""

    name: str
    description: str
    schema: Mapping[str, Any]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class McpServer:
    """A server with its secrets in clear: not to be logged, stored or answered.

    ``secrets`` are the headers of its requests, or the variables of its process. ``tools`` is None when it was never
    asked for them.
    """

    id: str
    name: str
    target: Target
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    tools: Sequence[McpTool] | None = None


class StoredServers(Protocol):
    """Where the servers of projects are kept."""

    async def mcp_server(self, name: str, *, org_id: str, project_id: str) -> McpServer | None:
        """The project's server of this name, or None."""

    async def keep_tools(self, server: McpServer, tools: Sequence[McpTool], *, org_id: str, at: Millis) -> None:
        """Remember what a server offered."""


def host_of(url: str) -> str:
    """The host of an address with its port, for messages: the rest of it may hold a key."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2]


def schema_problem(schema: Any) -> str | None:
    """Why a schema cannot be given to a model, or None.

    Models' vendors refuse a whole request for one bad schema, so that a broken tool would break all others.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        return "its schema does not describe an object"
    try:
        if len(dumps(schema)) > MAX_SCHEMA:
            return f"its schema is longer than {MAX_SCHEMA} characters"
        Draft202012Validator.check_schema(schema)
        for reference in _references(schema):
            if not _leads_somewhere(schema, reference):
                return f"its schema has a reference that leads nowhere: {reference[:100]}"
    except SchemaError as error:
        return f"its schema is not valid: {error.message[:200]}"
    except (RecursionError, ValueError):
        return "its schema is nested too deeply, or no JSON"
    return None


def _references(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, Mapping):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        parts = list(value.values())
    else:
        parts = value if isinstance(value, list) else []
    for part in parts:
        yield from _references(part, depth + 1)


def _leads_somewhere(schema: Any, reference: str) -> bool:
    if not reference.startswith("#"):
        return False
    found = schema
    for step in reference.removeprefix("#").split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, Mapping) or key not in found:
            return False
        found = found[key]
    return True

"""MCP servers of a project: made, changed, opened and asked. Their secrets go in and are never shown again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from runwright.errors import Conflict, Invalid, NotFound
from runwright.integrations.mcp.servers import McpServer, McpTool, Target, Transport
from runwright.kit.clock import Millis, now_ms
from runwright.kit.crypto import SecretBox
from runwright.kit.ids import new_uuid
from runwright.kit.json import dumps, loads
from runwright.mcp_servers import repository
from runwright.mcp_servers.repository import Row

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MAX_SECRETS = 50
MAX_SECRET = 8192
_MAX_TEXT = 2048
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_OURS = frozenset({"accept", "content-length", "content-type", "host", "mcp-session-id", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Server:
    """What is shown of a server: of its secrets the names only."""

    id: str
    project_id: str
    name: str
    target: Target
    secret_names: tuple[str, ...]
    tools: Sequence[McpTool] | None
    tools_at: Millis | None
    created_at: Millis
    updated_at: Millis


@dataclass(frozen=True, slots=True)
class Wanted:
    """A server as somebody asks for it; ``secrets`` None keeps those that are there."""

    name: str
    target: Target
    secrets: Mapping[str, str] | None = field(default=None, repr=False)


def list_servers(conn: sa.Connection, org_id: str, project_id: str) -> list[Server]:
    """The project's servers, by name."""
    return [_shown(row) for row in repository.all_of(conn, org_id, project_id)]


def get_server(conn: sa.Connection, org_id: str, project_id: str, server_id: str) -> Server:
    """One of them.

    Raises:
        NotFound: the project has no such server.
    """
    return _shown(_row(conn, org_id, project_id, server_id))


def create_server(conn: sa.Connection, box: SecretBox, *, org_id: str, project_id: str, wanted: Wanted) -> Server:
    """Register a server; it is not asked for its tools here.

    Raises:
        Invalid: a field is missing or cannot be used.
        Conflict: the name is taken.
    """
    _check(wanted)
    _require_free(conn, org_id, project_id, wanted.name)
    now, server_id, secrets = now_ms(), new_uuid(), wanted.secrets or {}
    owned = {"id": server_id, "org_id": org_id, "project_id": project_id, "created_at": now, "updated_at": now}
    repository.add(conn, {**owned, **_values(wanted.name, wanted.target, secrets), **_sealed(box, secrets)})
    return get_server(conn, org_id, project_id, server_id)


def replace_server(
    conn: sa.Connection, box: SecretBox, *, org_id: str, project_id: str, server_id: str, wanted: Wanted
) -> Server:
    """Change a server whole. Without secrets the old ones stay, but never for another place than before.

    Raises:
        NotFound: the project has no such server.
        Invalid: a field is missing or cannot be used, or the secrets are needed anew.
        Conflict: the name is taken.
    """
    before = get_server(conn, org_id, project_id, server_id)
    _check(wanted)
    if wanted.name != before.name:
        _require_free(conn, org_id, project_id, wanted.name)
    moved = _place(wanted.target) != _place(before.target)
    if wanted.secrets is None and moved and before.secret_names:
        raise _invalid(_secrets_field(wanted.target), "is needed anew when the address or the command changes")
    names = before.secret_names if wanted.secrets is None else wanted.secrets
    values = {**_values(wanted.name, wanted.target, names), "updated_at": now_ms()}
    if wanted.secrets is not None:
        values |= _sealed(box, wanted.secrets)
    if moved:
        values |= {"tools": None, "tools_at": None}
    repository.change(conn, org_id, server_id, values)
    return get_server(conn, org_id, project_id, server_id)


def delete_server(conn: sa.Connection, org_id: str, project_id: str, server_id: str) -> None:
    """Take a server away, with its secrets.

    Raises:
        NotFound: the project has no such server.
    """
    _row(conn, org_id, project_id, server_id)
    repository.remove(conn, org_id, server_id)


def open_server(conn: sa.Connection, box: SecretBox, *, org_id: str, project_id: str, server_id: str) -> McpServer:
    """A server with its secrets, to connect to.

    Raises:
        NotFound: the project has no such server.
        ValueError: its secrets were sealed with another installation's key.
    """
    return _opened(_row(conn, org_id, project_id, server_id), box)


def open_server_by_name(
    conn: sa.Connection, box: SecretBox, *, org_id: str, project_id: str, name: str
) -> McpServer | None:
    """The server that blocks call so, with its secrets; None when the project has none of this name.

    Raises:
        ValueError: its secrets were sealed with another installation's key.
    """
    row = repository.find_by_name(conn, org_id, project_id, name)
    return None if row is None else _opened(row, box)


def keep_tools(conn: sa.Connection, *, org_id: str, server: McpServer, tools: Sequence[McpTool], at: Millis) -> None:
    """Remember what a server offered, unless it has become another one since it was asked."""
    row = repository.find_by_id(conn, org_id, server.id)
    if row is not None and _target(row) == server.target:
        kept = dumps([asdict(tool) for tool in tools])
        repository.change(conn, org_id, server.id, {"tools": kept, "tools_at": at})


def _row(conn: sa.Connection, org_id: str, project_id: str, server_id: str) -> Row:
    row = repository.find(conn, org_id, project_id, server_id)
    if row is None:
        raise NotFound("MCP server not found")
    return row


def _shown(row: Row) -> Server:
    return Server(
        id=row.id,
        project_id=row.project_id,
        name=row.name,
        target=_target(row),
        secret_names=tuple(loads(row.settings)["secret_names"]),
        tools=_tools(row),
        tools_at=row.tools_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _target(row: Row) -> Target:
    settings = loads(row.settings)
    return Target(
        transport=Transport(row.transport),
        url=settings["url"],
        command=settings["command"],
        args=tuple(settings["args"]),
    )


def _tools(row: Row) -> list[McpTool] | None:
    return None if row.tools is None else [McpTool(**tool) for tool in loads(row.tools)]


def _opened(row: Row, box: SecretBox) -> McpServer:
    secrets = {} if row.secrets_sealed is None else loads(box.open(row.secrets_sealed))
    return McpServer(id=row.id, name=row.name, target=_target(row), secrets=secrets, tools=_tools(row))


def _values(name: str, target: Target, secret_names: Mapping[str, str] | Sequence[str]) -> dict[str, Any]:
    place = {"url": target.url, "command": target.command, "args": list(target.args)}
    settings = dumps({**place, "secret_names": sorted(secret_names)})
    return {"name": name, "transport": target.transport.value, "settings": settings}


def _sealed(box: SecretBox, secrets: Mapping[str, str]) -> dict[str, Any]:
    return {"secrets_sealed": box.seal(dumps(dict(secrets))) if secrets else None}


def _place(target: Target) -> object:
    """Where secrets go: kept ones never go elsewhere. Another path of the same server is no other place."""
    if target.transport is Transport.STDIO:
        return target
    parts = urlsplit(str(target.url))
    return replace(target, url=f"{parts.scheme}://{parts.netloc}".lower())


def _require_free(conn: sa.Connection, org_id: str, project_id: str, name: str) -> None:
    if repository.find_by_name(conn, org_id, project_id, name) is not None:
        raise Conflict(f"The project has an MCP server {name!r} already; choose another name, or change that one")


def _check(wanted: Wanted) -> None:
    if not NAME.fullmatch(wanted.name):
        raise _invalid("name", "must be a-z, 0-9, - and _, at most 40, beginning with a letter or digit")
    target = wanted.target
    if target.transport is Transport.HTTP:
        _check_url(target)
    else:
        _check_command(target)
    _check_secrets(target, wanted.secrets or {})


def _check_url(target: Target) -> None:
    if target.command or target.args:
        raise _invalid("command", "does not belong to a server that is reached over HTTP")
    url = target.url or ""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable() and " " not in url
    except ValueError:
        usable = False
    if not usable or len(url) > _MAX_TEXT:
        raise _invalid("url", "must be an address such as https://mcp.example.com/mcp")
    if "@" in parts.netloc:
        raise _invalid("url", "must hold no user or password; give them as a header")


def _check_command(target: Target) -> None:
    if target.url:
        raise _invalid("url", "does not belong to a server that is started by a command")
    if not target.command or not target.command.isprintable() or len(target.command) > _MAX_TEXT:
        raise _invalid("command", "must be the program to start, on one line")
    if len(target.args) > 100 or any(len(arg) > _MAX_TEXT or "\x00" in arg for arg in target.args):
        raise _invalid("args", f"must be at most 100 texts of at most {_MAX_TEXT} characters")


def _check_secrets(target: Target, secrets: Mapping[str, str]) -> None:
    what = _secrets_field(target)
    if len(secrets) > MAX_SECRETS:
        raise _invalid(what, f"must be at most {MAX_SECRETS}")
    for name, value in secrets.items():
        if not (_HEADER if target.transport is Transport.HTTP else _VARIABLE).fullmatch(name):
            raise _invalid(what, f"{name[:100]!r} cannot be used as a name")
        if target.transport is Transport.HTTP and name.lower() in _OURS:
            raise _invalid(what, f"{name} is set by Runwright itself")
        if not value or len(value) > MAX_SECRET or not value.isprintable():
            raise _invalid(what, f"the value of {name} must be one line of at most {MAX_SECRET} characters")
        if target.transport is Transport.HTTP and not value.isascii():
            raise _invalid(what, f"the value of {name} must be ASCII")


def _secrets_field(target: Target) -> str:
    return "headers" if target.transport is Transport.HTTP else "env"


def _invalid(field: str, problem: str) -> Invalid:
    return Invalid(f"{field}: {problem}", details={"field": field})

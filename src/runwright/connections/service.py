"""Connections of a project: made, changed and opened. The secret goes in and is never shown again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from runwright.connections.models import connections
from runwright.errors import Conflict, Invalid, NotFound
from runwright.integrations.http.credentials import Credential, CredentialKind, CredentialSettings
from runwright.kit.clock import Millis, now_ms
from runwright.kit.crypto import SecretBox
from runwright.kit.ids import new_uuid
from runwright.kit.json import dumps, loads

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
MAX_SECRET = 8192
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}")
_HOST = re.compile(r"[a-z0-9_.\[\]:-]{1,253}")


@dataclass(frozen=True, slots=True)
class Connection:
    """What is shown of a connection: never its secret."""

    id: str
    project_id: str
    name: str
    kind: CredentialKind
    settings: CredentialSettings
    created_at: Millis
    updated_at: Millis


@dataclass(frozen=True, slots=True)
class Wanted:
    """A connection as somebody asks for it; ``secret`` None keeps the one that is there."""

    name: str
    kind: CredentialKind
    settings: CredentialSettings
    secret: str | None

    def __repr__(self) -> str:
        return f"Wanted(name={self.name!r}, kind={self.kind.value!r})"


def list_connections(conn: sa.Connection, org_id: str, project_id: str) -> Sequence[Connection]:
    """The project's connections, by name."""
    statement = _of(sa.select(connections), org_id, project_id).order_by(connections.c.name)
    return [_shown(row) for row in conn.execute(statement)]


def get_connection(conn: sa.Connection, org_id: str, project_id: str, connection_id: str) -> Connection:
    """One of them.

    Raises:
        NotFound: the project has no such connection.
    """
    statement = _of(sa.select(connections), org_id, project_id).where(connections.c.id == connection_id)
    row = conn.execute(statement).one_or_none()
    if row is None:
        raise NotFound("Connection not found")
    return _shown(row)


def create_connection(
    conn: sa.Connection, box: SecretBox, *, org_id: str, project_id: str, wanted: Wanted
) -> Connection:
    """Make a connection.

    Raises:
        Invalid: a field is missing or cannot be used.
        Conflict: the name is taken.
    """
    _check(wanted)
    if wanted.secret is None:
        raise _invalid("secret", "is needed")
    _require_free(conn, project_id, wanted.name)
    now, connection_id = now_ms(), new_uuid()
    owned = {"id": connection_id, "org_id": org_id, "project_id": project_id, "created_at": now, "updated_at": now}
    conn.execute(connections.insert(), {**owned, **_values(wanted), "secret_sealed": box.seal(wanted.secret)})
    return get_connection(conn, org_id, project_id, connection_id)


def replace_connection(
    conn: sa.Connection, box: SecretBox, *, org_id: str, project_id: str, connection_id: str, wanted: Wanted
) -> Connection:
    """Change a connection whole. Without a secret the old one stays, but never for another place than before.

    Raises:
        NotFound: the project has no such connection.
        Invalid: a field is missing or cannot be used, or the secret is needed anew.
        Conflict: the name is taken.
    """
    before = get_connection(conn, org_id, project_id, connection_id)
    _check(wanted)
    if wanted.name != before.name:
        _require_free(conn, project_id, wanted.name)
    values = {**_values(wanted), "updated_at": now_ms()}
    if wanted.secret is not None:
        values["secret_sealed"] = box.seal(wanted.secret)
    elif _place(wanted.kind, wanted.settings) != _place(before.kind, before.settings):
        raise _invalid("secret", "is needed anew when the kind, the hosts or the token address change")
    conn.execute(connections.update().where(connections.c.id == connection_id).values(values))
    return get_connection(conn, org_id, project_id, connection_id)


def delete_connection(conn: sa.Connection, org_id: str, project_id: str, connection_id: str) -> None:
    """Take a connection away, with its secret.

    Raises:
        NotFound: the project has no such connection.
    """
    get_connection(conn, org_id, project_id, connection_id)
    conn.execute(connections.delete().where(connections.c.id == connection_id))


def open_connection(
    conn: sa.Connection, box: SecretBox, *, org_id: str, project_id: str, name: str
) -> Credential | None:
    """The credential behind a name for a request, None when the project has none of this name.

    Raises:
        ValueError: it was sealed with another installation's key.
    """
    statement = _of(sa.select(connections), org_id, project_id).where(connections.c.name == name)
    row = conn.execute(statement).one_or_none()
    if row is None:
        return None
    shown = _shown(row)
    return Credential(
        id=f"{shown.id}:{shown.updated_at}",
        name=shown.name,
        kind=shown.kind,
        settings=shown.settings,
        secret=box.open(row.secret_sealed),
    )


def _of(statement: sa.Select[Any], org_id: str, project_id: str) -> sa.Select[Any]:
    return statement.where(connections.c.org_id == org_id, connections.c.project_id == project_id)


def _shown(row: sa.Row[Any]) -> Connection:
    settings = loads(row.settings)
    return Connection(
        id=row.id,
        project_id=row.project_id,
        name=row.name,
        kind=CredentialKind(row.kind),
        settings=CredentialSettings(**{**settings, "hosts": tuple(settings["hosts"])}),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _values(wanted: Wanted) -> dict[str, Any]:
    return {"name": wanted.name, "kind": wanted.kind.value, "settings": dumps(asdict(wanted.settings))}


def _place(kind: CredentialKind, settings: CredentialSettings) -> object:
    """Where a secret may go; a kept one never goes elsewhere."""
    return kind, sorted(settings.hosts), settings.token_url, settings.header


def _require_free(conn: sa.Connection, project_id: str, name: str) -> None:
    taken = sa.select(connections.c.id).where(connections.c.project_id == project_id, connections.c.name == name)
    if conn.execute(taken).first() is not None:
        raise Conflict(f"The project has a connection {name!r} already; choose another name, or change that one")


_NEEDED = {
    CredentialKind.BEARER: (),
    CredentialKind.BASIC: ("username",),
    CredentialKind.HEADER: ("header",),
    CredentialKind.OAUTH2: ("token_url", "client_id"),
}
_OPTIONAL = {CredentialKind.OAUTH2: ("scope",)}


def _check(wanted: Wanted) -> None:
    if not NAME.fullmatch(wanted.name):
        raise _invalid("name", "must be a-z, 0-9, - and _, at most 100, beginning with a letter or digit")
    settings = asdict(wanted.settings)
    hosts = settings.pop("hosts")
    for field in _NEEDED[wanted.kind]:
        if not settings[field]:
            raise _invalid(field, f"is needed for a connection of kind {wanted.kind.value}")
    allowed = (*_NEEDED[wanted.kind], *_OPTIONAL.get(wanted.kind, ()))
    for field, value in settings.items():
        if value and field not in allowed:
            raise _invalid(field, f"does not belong to a connection of kind {wanted.kind.value}")
        if value and (len(value) > 2048 or not value.isprintable()):
            raise _invalid(field, "must be one line of at most 2048 characters")
    _check_forms(wanted.settings, hosts)
    if wanted.secret is not None:
        _check_secret(wanted)


def _check_forms(settings: CredentialSettings, hosts: Sequence[str]) -> None:
    if settings.header and not _HEADER.fullmatch(settings.header):
        raise _invalid("header", "is no valid name of a header")
    if settings.username and ":" in settings.username:
        raise _invalid("username", "must not hold a colon")
    if settings.token_url and not settings.token_url.startswith(("http://", "https://")):
        raise _invalid("token_url", "must be an address such as https://login.example.com/oauth/token")
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise _invalid("hosts", f"{host!r} is no host; write names such as api.example.com, or with a port")


def _check_secret(wanted: Wanted) -> None:
    secret = wanted.secret or ""
    if not secret or len(secret) > MAX_SECRET or not secret.isprintable():
        raise _invalid("secret", f"must be one line of at most {MAX_SECRET} characters")
    if wanted.kind in (CredentialKind.BEARER, CredentialKind.HEADER) and not secret.isascii():
        raise _invalid("secret", "must be ASCII, as it goes into a header")


def _invalid(field: str, problem: str) -> Invalid:
    return Invalid(f"{field}: {problem}", details={"field": field})

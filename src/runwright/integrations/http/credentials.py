"""Credentials that go along with a request: turned into headers for it, and hidden in whatever comes back."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from urllib.parse import quote_plus, urlencode, urlsplit

from runwright.integrations.http.client import GuardedClient
from runwright.integrations.http.errors import RequestError
from runwright.integrations.http.messages import Answer, Outgoing
from runwright.kit.clock import Millis, now_ms
from runwright.kit.json import dumps, loads
from runwright.kit.text import shortened

HIDDEN = "[secret]"
_SHORTEST_HIDDEN = 4
_PORTS = {"http": 80, "https": 443}
_EARLY_MS = 60_000
_LIFETIME_S = 300


class CredentialKind(StrEnum):
    """How a request proves who sends it."""

    BEARER = "bearer"
    BASIC = "basic"
    HEADER = "header"
    OAUTH2 = "oauth2_client_credentials"


@dataclass(frozen=True, slots=True)
class CredentialSettings:
    """What is no secret. ``hosts``: the only ones (name, or name:port) it may go to; empty: any."""

    hosts: tuple[str, ...] = ()
    username: str | None = None
    header: str | None = None
    token_url: str | None = None
    client_id: str | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential with its secret in clear: not to be logged, stored or answered. ``id`` changes with it."""

    id: str
    name: str
    kind: CredentialKind
    settings: CredentialSettings
    secret: str = field(repr=False)


class StoredCredentials(Protocol):
    """Where the credentials of projects are kept."""

    async def find(self, name: str, *, org_id: str, project_id: str) -> Credential | None:
        """The credential of this name, or None."""


class CredentialError(Exception):
    """The request cannot have its credential; the text says what to do."""

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


@dataclass(frozen=True, slots=True)
class Applied:
    """The headers of one request, and the texts that must not be seen in what comes of it."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def hide(self, text: str) -> str:
        """The text with the secrets replaced, as they are and as JSON and addresses write them."""
        for secret in self.secrets:
            for form in (secret, dumps(secret)[1:-1], quote_plus(secret)):
                if len(form) >= _SHORTEST_HIDDEN:
                    text = text.replace(form, HIDDEN)
        return text


class Authorities(Protocol):
    """Something that has the projects' credentials: :class:`Credentials`, or what stands in for it."""

    async def apply(self, name: str, url: str, *, org_id: str, project_id: str) -> Applied:
        """See :meth:`Credentials.apply`."""

    def forget(self, applied: Applied) -> None:
        """See :meth:`Credentials.forget`."""


@dataclass
class Credentials:
    """The credentials of an installation's projects, with the tokens that were fetched for them."""

    client: GuardedClient
    stored: StoredCredentials | None = None
    _tokens: dict[str, tuple[str, Millis]] = field(default_factory=dict, repr=False)
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def apply(self, name: str, url: str, *, org_id: str, project_id: str) -> Applied:
        """The headers that a request to this address needs.

        Raises:
            CredentialError: there is no such connection, it may not go there, or no token was given for it.
        """
        found = await self.stored.find(name, org_id=org_id, project_id=project_id) if self.stored else None
        if found is None:
            raise CredentialError(
                f"The project has no connection {name!r}; add it to the project's connections, or correct the name"
            )
        _require_host(found, url)
        if found.kind is CredentialKind.OAUTH2:
            token = await self._token(found)
            return Applied({"Authorization": f"Bearer {token}"}, (token, found.secret))
        return _applied(found)

    def forget(self, applied: Applied) -> None:
        """Use the token of these headers no more: it was refused."""
        self._tokens = {key: kept for key, kept in self._tokens.items() if kept[0] not in applied.secrets}

    async def _token(self, credential: Credential) -> str:
        async with self._fetching:
            kept = self._tokens.get(credential.id)
            if kept is None or kept[1] - _EARLY_MS < now_ms():
                kept = await self._fetch(credential)
                self._tokens[credential.id] = kept
            return kept[0]

    async def _fetch(self, credential: Credential) -> tuple[str, Millis]:
        settings = credential.settings
        form = {"grant_type": "client_credentials", **({"scope": settings.scope} if settings.scope else {})}
        pair = f"{quote_plus(settings.client_id or '')}:{quote_plus(credential.secret)}"
        outgoing = Outgoing(
            method="POST",
            url=settings.token_url or "",
            headers={
                "Authorization": f"Basic {_base64(pair)}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            content=urlencode(form).encode(),
        )
        try:
            answer = await self.client.request(outgoing)
        except RequestError as error:
            message = f"No token for the connection {credential.name!r}: {error}"
            raise CredentialError(message, retryable=error.retryable) from error
        return _read_token(answer, credential)


def _read_token(answer: Answer, credential: Credential) -> tuple[str, Millis]:
    try:
        given = loads(answer.body) if answer.status == 200 else {}
        token, seconds = given["access_token"], int(given.get("expires_in", _LIFETIME_S))
        if isinstance(token, str) and token.isascii() and token.isprintable():
            return token, now_ms() + seconds * 1000
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    hiding = Applied(secrets=(credential.secret,))
    said = shortened(hiding.hide(answer.text), 200) if answer.status != 200 else "no usable access_token"
    raise CredentialError(
        f"No token for the connection {credential.name!r}: {credential.settings.token_url} answered "
        f"{answer.status}: {said}",
        retryable=answer.status >= 500 or answer.status == 429,
    )


def _applied(credential: Credential) -> Applied:
    secret, settings = credential.secret, credential.settings
    if credential.kind is CredentialKind.BASIC:
        pair = _base64(f"{settings.username}:{secret}")
        return Applied({"Authorization": f"Basic {pair}"}, (pair, secret))
    if credential.kind is CredentialKind.HEADER:
        return Applied({str(settings.header): secret}, (secret,))
    return Applied({"Authorization": f"Bearer {secret}"}, (secret,))


def _require_host(credential: Credential, url: str) -> None:
    hosts = credential.settings.hosts
    if not hosts:
        return
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port = "", 0
    if host not in hosts and f"{host}:{port}" not in hosts:
        raise CredentialError(
            f"The connection {credential.name!r} may go to {', '.join(hosts)} only, and not to {host or url!r}"
        )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()

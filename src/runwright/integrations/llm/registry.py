"""Finds the model an agent asks for: which vendor, at which address, with whose key."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from runwright.config import HttpSettings, ModelSettings
from runwright.integrations.http.allowlist import AllowList
from runwright.integrations.http.errors import RequestError
from runwright.integrations.http.guard import Guard, Resolver, system_resolver
from runwright.integrations.llm.vendors import DEMO, DEMO_MODEL, LOCAL, VENDORS, Access, ModelNotAvailable

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.models import Model

    from runwright.integrations.llm.local_server import LocalModel

_MAX_ANSWER_BYTES = 32 * 1024 * 1024
_PORTS = {"http": 80, "https": 443}


class StoredModels(Protocol):
    """What organizations have set up themselves."""

    async def access(self, org_id: str, vendor: str) -> Access | None:
        """The organization's own access to a vendor, or None."""

    async def default_model(self, org_id: str, project_id: str) -> str | None:
        """The project's default model, ``vendor:name``, or None."""


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A model ready to be asked. ``timeout`` is in seconds, for one whole answer."""

    id: str
    model: Model
    max_tokens: int
    timeout: float
    retries: int

    @property
    def is_demo(self) -> bool:
        """Whether it is the script, and no language model."""
        return self.id == DEMO_MODEL


class LanguageModels(Protocol):
    """Something that finds models by their names: :class:`Models`, or what stands in for it."""

    async def resolve(self, name: str | None, *, org_id: str, project_id: str) -> ResolvedModel:
        """See :meth:`Models.resolve`."""

    async def aclose(self) -> None:
        """Close what is open."""


@dataclass
class Models:
    """The models of an installation. Vendors' libraries are loaded when first asked for.

    ``retries`` is how often a vendor's client repeats a request that was refused for a passing reason.
    """

    settings: ModelSettings
    http: HttpSettings = field(default_factory=HttpSettings)
    stored: StoredModels | None = None
    retries: int = 2
    resolver: Resolver = system_resolver
    local: LocalModel | None = None
    _clients: dict[frozenset[str], httpx2.AsyncClient] = field(default_factory=dict)

    async def resolve(self, name: str | None, *, org_id: str, project_id: str) -> ResolvedModel:
        """The model of this name; without one the project's default, then the installation's, then the demo.

        Raises:
            ModelNotAvailable: no such vendor, it is not set up, or its address is closed.
        """
        chosen = name or await self._default(org_id, project_id)
        vendor, _, model_name = chosen.partition(":")
        if vendor == DEMO:
            model = await self._build(DEMO, model_name, access=Access())
        elif vendor == LOCAL and self.local is not None:
            model = await self._build(LOCAL, model_name, access=await self.local.access(model_name))
        else:
            access = await self._access(vendor, chosen, org_id=org_id)
            model = await self._build(vendor, model_name, access=access)
        return ResolvedModel(
            id=chosen,
            model=model,
            max_tokens=self.settings.max_tokens,
            timeout=self.settings.local_timeout if vendor == LOCAL else self.settings.timeout,
            retries=self.retries,
        )

    async def aclose(self) -> None:
        """Close what is open."""
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()
        if self.local is not None:
            await self.local.aclose()

    async def _default(self, org_id: str, project_id: str) -> str:
        stored = await self.stored.default_model(org_id, project_id) if self.stored else None
        if default := stored or self.settings.default:
            return default
        for vendor in VENDORS.values():
            if await self._find_access(vendor.name, org_id=org_id) is not None:
                raise ModelNotAvailable(
                    f"{vendor.title} is set up, but no default model is chosen: name one in the block "
                    f"(model: {vendor.name}:NAME), in the project, or in RUNWRIGHT_MODELS__DEFAULT"
                )
        return DEMO_MODEL

    async def _access(self, vendor: str, chosen: str, *, org_id: str) -> Access:
        known = VENDORS.get(vendor)
        if known is None:
            names = ", ".join([*VENDORS, LOCAL, DEMO])
            raise ModelNotAvailable(
                f"The model {chosen!r} names no known vendor; write vendor:name with one of {names}"
            )
        access = await self._find_access(vendor, org_id=org_id)
        if access is None:
            raise ModelNotAvailable(
                f"The model {chosen} needs {known.title}, which is not set up: set {known.key_setting}, "
                "or add it to the organization's model providers"
            )
        return access

    async def _find_access(self, vendor: str, *, org_id: str) -> Access | None:
        stored = await self.stored.access(org_id, vendor) if self.stored else None
        return stored or _from_settings(self.settings, vendor)

    async def _build(self, vendor: str, name: str, *, access: Access) -> Model:
        # Loading a vendor's library takes seconds of work, in which the server has to go on serving.
        module = await asyncio.to_thread(import_module, f"runwright.integrations.llm.{vendor}")
        model: Model = module.build(name, access=access, http=await self._client(access))
        return model

    async def _client(self, access: Access) -> httpx2.AsyncClient:
        """The client for an address, after a look at whether it may be reached at all."""
        opened = frozenset(self.http.allow_hosts)
        host, port = _place(access.base_url) if access.base_url else ("", 0)
        if access.trusted and host:
            opened |= {f"[{host}]:{port}" if ":" in host else f"{host}:{port}"}
        guard = Guard(AllowList(opened), resolver=self.resolver)
        if host:
            try:
                await guard.addresses(host, port)
            except RequestError as error:
                raise ModelNotAvailable(f"The model's server cannot be used. {error}") from error
        if opened not in self._clients:
            self._clients[opened] = await asyncio.to_thread(_open_client, guard, timeout=self.settings.timeout)
        return self._clients[opened]


def _open_client(guard: Guard, *, timeout: float) -> httpx2.AsyncClient:
    from runwright.integrations.http.transport import guarded_httpx_client

    return guarded_httpx_client(guard, max_bytes=_MAX_ANSWER_BYTES, timeout=timeout)


def _from_settings(settings: ModelSettings, vendor: str) -> Access | None:
    """What the operator has set for a vendor: a key, or the address where that is what the vendor needs."""
    secret: SecretStr | None = getattr(settings, f"{vendor}_api_key")
    base_url: str | None = getattr(settings, f"{vendor}_base_url", None)
    if (base_url if VENDORS[vendor].needs_address else secret) is None:
        return None
    return Access(api_key=secret.get_secret_value() if secret else None, base_url=base_url, trusted=True)


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 443)

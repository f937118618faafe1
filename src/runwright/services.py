"""The outside world as blocks see it, put together from the settings: one for each process."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial

from runwright.accounts.providers import Vendor, open_provider
from runwright.accounts.repository import project as find_project
from runwright.accounts.secrets import open_secret_box
from runwright.blocks.base import Scope
from runwright.config import Settings
from runwright.connections.service import open_connection
from runwright.db.database import Database
from runwright.errors import Invalid
from runwright.integrations.http.client import GuardedClient
from runwright.integrations.http.credentials import Credential, Credentials
from runwright.integrations.llm.registry import Models
from runwright.integrations.llm.vendors import Access
from runwright.integrations.sandbox.pool import Sandbox
from runwright.kit.crypto import SecretBox
from runwright.kit.json import Json
from runwright.workflows import expressions


@dataclass(frozen=True, slots=True)
class BlockServices:
    """The :class:`~runwright.blocks.base.Services` of a running installation."""

    http: GuardedClient
    models: Models
    credentials: Credentials
    sandbox: Sandbox

    def render(self, value: Json, scope: Scope) -> Json:
        """See :meth:`runwright.blocks.base.BlockContext.render`."""
        return expressions.render(value, scope)

    def test(self, condition: str, scope: Scope) -> bool:
        """See :meth:`runwright.blocks.base.BlockContext.test`."""
        return expressions.test(condition, scope)

    async def aclose(self) -> None:
        """Close what is open."""
        await self.http.aclose()
        await self.models.aclose()
        await self.sandbox.aclose()


@dataclass
class Stored:
    """What organizations and projects keep in the database for their blocks: access to models, credentials.

    It is a :class:`~runwright.integrations.llm.registry.StoredModels` and a
    :class:`~runwright.integrations.http.credentials.StoredCredentials`.
    """

    database: Database
    settings: Settings = field(repr=False)

    async def access(self, org_id: str, vendor: str) -> Access | None:
        """See :class:`~runwright.integrations.llm.registry.StoredModels`."""
        found = await self.database.read(partial(open_provider, box=self._box, org_id=org_id, vendor=Vendor(vendor)))
        return Access(api_key=found.api_key, base_url=found.base_url) if found else None

    async def default_model(self, org_id: str, project_id: str) -> str | None:
        """See :class:`~runwright.integrations.llm.registry.StoredModels`."""
        found = await self.database.read(partial(find_project, org_id=org_id, project_id=project_id))
        return found.default_model if found else None

    async def find(self, name: str, *, org_id: str, project_id: str) -> Credential | None:
        """See :class:`~runwright.integrations.http.credentials.StoredCredentials`."""
        return await self.database.read(
            partial(open_connection, box=self._box, org_id=org_id, project_id=project_id, name=name)
        )

    @cached_property
    def _box(self) -> SecretBox:
        # Opened with the first use: it may make the installation's key file.
        return open_secret_box(self.settings)


def make_services(settings: Settings, stored: Stored | None = None) -> BlockServices:
    """The services of a process; ``stored`` is what organizations have set up, if that is known here.

    Raises:
        Invalid: the setting ``http.allow_hosts`` has an entry that is no host.
    """
    try:
        http = GuardedClient(settings.http)
    except ValueError as error:
        raise Invalid(f"RUNWRIGHT_HTTP__ALLOW_HOSTS: {error}") from error
    return BlockServices(
        http=http,
        models=Models(settings.models, settings.http, stored=stored),
        credentials=Credentials(http, stored=stored),
        sandbox=Sandbox(settings.code),
    )

"""The outside world as blocks see it, put together from the settings: one for each process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from runwright.accounts.providers import Vendor, open_provider
from runwright.accounts.repository import project as find_project
from runwright.accounts.secrets import open_secret_box
from runwright.artifacts.tools import FileTools
from runwright.blocks.base import Scope
from runwright.config import Settings
from runwright.connections.service import open_connection
from runwright.db.database import Database
from runwright.errors import Invalid
from runwright.executions import callbacks
from runwright.integrations.http.client import GuardedClient
from runwright.integrations.http.credentials import Authorities, Credential, Credentials
from runwright.integrations.http.messages import Requests
from runwright.integrations.llm.local_server import LocalModel, local_folder
from runwright.integrations.llm.registry import LanguageModels, Models
from runwright.integrations.llm.vendors import Access
from runwright.integrations.mcp.client import McpServers
from runwright.integrations.mcp.servers import McpServer, McpTool
from runwright.integrations.sandbox.pool import Sandbox
from runwright.integrations.storage.base import BlobStore
from runwright.integrations.storage.opening import open_store
from runwright.kit.clock import Millis
from runwright.kit.crypto import SecretBox
from runwright.kit.json import Json
from runwright.mcp_servers.service import keep_tools, open_server_by_name
from runwright.workflows import expressions


@dataclass(frozen=True, slots=True)
class BlockServices:
    """The :class:`~runwright.blocks.base.Services` of a running installation."""

    http: Requests
    models: LanguageModels
    credentials: Authorities
    sandbox: Sandbox
    mcp: McpServers
    blobs: BlobStore
    files: FileTools | None
    """None where no database is known: then no block reads files."""
    settings: Settings = field(repr=False)

    def callback_address(self, execution_id: str, key: str) -> str:
        """See :class:`runwright.blocks.base.Services`."""
        box = open_secret_box(self.settings)
        return callbacks.address(self.settings.address, box, execution_id=execution_id, key=key)

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

    It is a :class:`~runwright.integrations.llm.registry.StoredModels`, a
    :class:`~runwright.integrations.http.credentials.StoredCredentials` and a
    :class:`~runwright.integrations.mcp.servers.StoredServers`.
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

    async def mcp_server(self, name: str, *, org_id: str, project_id: str) -> McpServer | None:
        """See :class:`~runwright.integrations.mcp.servers.StoredServers`."""
        return await self.database.read(
            partial(open_server_by_name, box=self._box, org_id=org_id, project_id=project_id, name=name)
        )

    async def keep_tools(self, server: McpServer, tools: Sequence[McpTool], *, org_id: str, at: Millis) -> None:
        """See :class:`~runwright.integrations.mcp.servers.StoredServers`."""
        await self.database.write(partial(keep_tools, org_id=org_id, server=server, tools=tools, at=at))

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
    blobs = open_store(settings)
    local = LocalModel(settings.models, local_folder(settings.models, settings.data_dir))
    return BlockServices(
        http=http,
        models=Models(settings.models, settings.http, stored=stored, local=local),
        credentials=Credentials(http, stored=stored),
        sandbox=Sandbox(settings.code),
        mcp=McpServers(settings.mcp, settings.http, stored=stored),
        blobs=blobs,
        files=None if stored is None else FileTools(stored.database, blobs),
        settings=settings,
    )

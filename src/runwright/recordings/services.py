"""The services of blocks with a recorder and player in between, for whatever runs an engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from runwright.integrations.http.credentials import Credential
from runwright.integrations.llm.vendors import Access
from runwright.integrations.mcp.servers import McpServer
from runwright.recordings.http import TapedClient, TapedCredentials
from runwright.recordings.models import TapedModels
from runwright.recordings.player import Player
from runwright.services import BlockServices, Stored


def taped(services: BlockServices, player: Player) -> BlockServices:
    """The same services; requests to servers and models pass the player's session."""
    return replace(
        services,
        http=TapedClient(player, services.http),
        models=TapedModels(player, services.models),
        credentials=TapedCredentials(player, services.credentials),
    )


@dataclass
class Elsewhere(Stored):
    """What one project of an installation has set up, for executions that run outside of it."""

    home_org: str
    home_project: str

    async def access(self, org_id: str, vendor: str) -> Access | None:
        """See :class:`~runwright.integrations.llm.registry.StoredModels`."""
        return await super().access(self.home_org, vendor)

    async def default_model(self, org_id: str, project_id: str) -> str | None:
        """See :class:`~runwright.integrations.llm.registry.StoredModels`."""
        return await super().default_model(self.home_org, self.home_project)

    async def find(self, name: str, *, org_id: str, project_id: str) -> Credential | None:
        """See :class:`~runwright.integrations.http.credentials.StoredCredentials`."""
        return await super().find(name, org_id=self.home_org, project_id=self.home_project)

    async def mcp_server(self, name: str, *, org_id: str, project_id: str) -> McpServer | None:
        """See :class:`~runwright.integrations.mcp.servers.StoredServers`."""
        return await super().mcp_server(name, org_id=self.home_org, project_id=self.home_project)

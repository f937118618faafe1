"""What ``/api/v1`` takes and answers about connections."""

from __future__ import annotations

from pydantic import Field, SecretStr

from runwright.connections.service import Connection, Wanted
from runwright.integrations.http.credentials import CredentialKind, CredentialSettings
from runwright.integrations.http.from_curl import Imported
from runwright.kit.json import Json
from runwright.kit.schemas import ApiInput, ApiModel, Moment


class ConnectionIn(ApiInput):
    """A connection: which fields it needs depends on its kind. `secret` is the token, password, header value or client
    secret; it is kept encrypted and never shown.
    """

    name: str = Field(description="What blocks call it: a-z, 0-9, - and _.")
    kind: CredentialKind
    secret: SecretStr | None = Field(default=None, description="Without it a change keeps the one that is there.")
    hosts: list[str] = Field(default=[], max_length=50, description="The only hosts it may go to; none given: any.")
    username: str | None = Field(default=None, description="Of a basic connection.")
    header: str | None = Field(default=None, description="Name of the header, of a header connection.")
    token_url: str | None = Field(default=None, description="Where an OAuth2 connection gets its tokens.")
    client_id: str | None = Field(default=None, description="Of an OAuth2 connection.")
    scope: str | None = Field(default=None, description="Of an OAuth2 connection, by space.")

    def wanted(self) -> Wanted:
        """As the service takes it."""
        return Wanted(
            name=self.name,
            kind=self.kind,
            settings=CredentialSettings(
                hosts=tuple(host.strip().lower() for host in self.hosts),
                username=self.username or None,
                header=self.header or None,
                token_url=self.token_url or None,
                client_id=self.client_id or None,
                scope=self.scope or None,
            ),
            secret=self.secret.get_secret_value() if self.secret is not None else None,
        )


class ConnectionOut(ApiModel):
    """A connection without its secret."""

    id: str
    project_id: str
    name: str
    kind: CredentialKind
    hosts: list[str]
    username: str | None
    header: str | None
    token_url: str | None
    client_id: str | None
    scope: str | None
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, connection: Connection) -> ConnectionOut:
        """As it is answered."""
        settings = connection.settings
        return cls(
            id=connection.id,
            project_id=connection.project_id,
            name=connection.name,
            kind=connection.kind,
            hosts=list(settings.hosts),
            username=settings.username,
            header=settings.header,
            token_url=settings.token_url,
            client_id=settings.client_id,
            scope=settings.scope,
            created_at=connection.created_at,
            updated_at=connection.updated_at,
        )


class CurlIn(ApiInput):
    """A curl command, as copied from a browser or a manual."""

    command: str = Field(max_length=200_000)


class CurlOut(ApiModel):
    """The block that does the same. A credential in the command is left out of it: `connection` is what to create."""

    block: dict[str, Json]
    yaml: str
    connection: dict[str, Json] | None
    warnings: list[str]

    @classmethod
    def of(cls, imported: Imported, yaml: str) -> CurlOut:
        """As it is answered."""
        return cls(block=imported.block, yaml=yaml, connection=imported.connection, warnings=imported.warnings)

"""One tree of settings, read from ``RUNWRIGHT_…`` variables and an optional TOML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class HttpSettings(BaseModel):
    """Outgoing requests of blocks."""

    allow_hosts: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="Private hosts that blocks may reach, by comma: names, addresses (name:port too), networks.",
    )
    max_response_bytes: int = Field(default=10 * 1024 * 1024, gt=0, description="Largest answer that is read.")
    max_redirects: int = Field(default=5, ge=0, description="Redirects followed before giving up.")
    timeout: float = Field(default=30.0, gt=0, description="Seconds for a request when the block sets no timeout.")

    @field_validator("allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip().lower() for part in value.split(",") if part.strip())
        return value


class EngineSettings(BaseModel):
    """The engine that drives executions."""

    max_running: int = Field(default=200, gt=0, description="Executions that one process drives at a time.")
    grace: float = Field(default=20.0, ge=0, description="Seconds running blocks get when the server stops.")
    heartbeat: float = Field(default=3.0, gt=0, description="Seconds between two heartbeats of a worker.")
    dead_after: float = Field(default=15.0, gt=0, description="Seconds of silence after which a worker is lost.")


class ModelSettings(BaseModel):
    """Language models. With no key set, agents use the scripted demo provider and say so."""

    default: str | None = Field(default=None, description="Model of agent blocks that name none, vendor:name.")
    openai_api_key: SecretStr | None = Field(default=None, description="Key of OpenAI.")
    anthropic_api_key: SecretStr | None = Field(default=None, description="Key of Anthropic.")
    google_api_key: SecretStr | None = Field(default=None, description="Key of Google.")
    compatible_base_url: str | None = Field(default=None, description="Address of an OpenAI-compatible server.")
    compatible_api_key: SecretStr | None = Field(default=None, description="Key of that server, if it wants one.")
    local_file: Path | None = Field(
        default=None, description="GGUF file of your own for the local model, which is then local:NAME-OF-THE-FILE."
    )
    local_sha256: str | None = Field(default=None, description="Checksum of that file, if it is to be checked.")
    local_dir: Path | None = Field(
        default=None, description="Folder of the downloaded local model; without it models in the data folder."
    )
    local_context: int = Field(default=8192, ge=512, description="Tokens of prompt and answer of the local model.")
    local_threads: int = Field(default=0, ge=0, description="Processors the local model uses; 0: all.")
    local_timeout: float = Field(default=600.0, gt=0, description="Seconds the local model may take for one answer.")
    max_tokens: int = Field(default=4096, gt=0, description="Longest answer of a model, when the block says none.")
    timeout: float = Field(default=120.0, gt=0, description="Seconds a model may take for one answer.")


class CodeSettings(BaseModel):
    """The sandbox of code blocks."""

    seconds: float = Field(default=10.0, gt=0, le=3600, description="Seconds that one run of code may take.")
    memory_bytes: int = Field(default=64 * 1024 * 1024, ge=1024 * 1024, description="Memory that one run may use.")
    output_bytes: int = Field(default=1024 * 1024, gt=0, description="Largest value that code may return.")
    processes: int = Field(default=0, ge=0, description="Runs of code at a time; 0: as many as there are processors.")


class McpSettings(BaseModel):
    """MCP servers, whose tools agent blocks may call."""

    stdio_commands: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="Commands, by comma, that MCP servers may be started with on this machine; none unless set. "
        "Whoever edits a project chooses the arguments, so allow scripts of your own rather than interpreters.",
    )
    max_tools: int = Field(default=64, gt=0, description="Tools of MCP servers that one agent block may be given.")
    connect_seconds: float = Field(default=30.0, gt=0, description="Seconds an MCP server may take to be ready.")
    call_seconds: float = Field(default=60.0, gt=0, description="Seconds an MCP server may take for one answer.")

    @field_validator("stdio_commands", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value


class StorageSettings(BaseModel):
    """Where files are kept: what blocks save and people upload. On local disk, in the data folder, without a bucket."""

    bucket: str | None = Field(default=None, min_length=1, description="S3 bucket for files; without it local disk.")
    endpoint: str | None = Field(
        default=None, description="Address of S3-compatible storage, http(s)://…; without it AWS."
    )
    region: str | None = Field(default=None, description="Region of the bucket; us-east-1 when absent.")
    prefix: str = Field(default="", description="Folder in the bucket that is this installation's.")
    access_key_id: str | None = Field(
        default=None, description="Key id for the bucket; without it the AWS_ variables or the machine's role."
    )
    secret_access_key: SecretStr | None = Field(default=None, description="Secret of that key.")
    virtual_hosts: bool = Field(default=False, description="Whether the bucket is part of the host name.")
    timeout: float = Field(default=60.0, gt=0, description="Seconds that one request to the storage may take.")
    max_upload_bytes: int = Field(default=100 * 1024 * 1024, gt=0, description="Largest file that can be uploaded.")


class LogSettings(BaseModel):
    """What is logged, and how."""

    level: str = Field(default="info", description="debug, info, warning or error.")
    format: str = Field(default="auto", description="json, text, or auto: text on a terminal, else JSON.")


class MetricsSettings(BaseModel):
    """What ``/metrics`` shows, and to whom."""

    enabled: bool = Field(default=True, description="Whether /metrics is served.")
    token: SecretStr | None = Field(
        default=None, description="Bearer token a scraper must send; without it anybody who reaches the server may."
    )


class Settings(BaseSettings):
    """All settings. Every one can be set as ``RUNWRIGHT_NAME`` (nested: ``RUNWRIGHT_HTTP__TIMEOUT``)."""

    model_config = SettingsConfigDict(env_prefix="RUNWRIGHT_", env_nested_delimiter="__", extra="ignore")

    host: str = Field(default="127.0.0.1", description="Address that serve listens on.")
    port: int = Field(default=8700, ge=0, le=65535, description="Port that serve listens on; 0 takes a free one.")
    data_dir: Path = Field(default=Path(".data"), description="Folder of the embedded database and the files.")
    database_url: SecretStr | None = Field(
        default=None, description="postgresql://… to use PostgreSQL; without it SQLite in the data folder."
    )
    secret_key: SecretStr | None = Field(
        default=None, description="Key that encrypts stored secrets; without it one is made in the data folder."
    )
    public_url: str | None = Field(default=None, description="Address under which people reach the server.")
    http: HttpSettings = Field(default_factory=HttpSettings)
    engine: EngineSettings = Field(default_factory=EngineSettings)
    models: ModelSettings = Field(default_factory=ModelSettings)
    code: CodeSettings = Field(default_factory=CodeSettings)
    mcp: McpSettings = Field(default_factory=McpSettings)
    storage: StorageSettings = Field(default_factory=StorageSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    metrics: MetricsSettings = Field(default_factory=MetricsSettings)

    @property
    def address(self) -> str:
        """The address under which people and other systems reach the server, without a slash at its end."""
        # An address that means "every one" is listened on, but cannot be gone to.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104
        listened = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        return (self.public_url or listened).rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file that ``RUNWRIGHT_CONFIG`` names."""
        import os

        sources: list[PydanticBaseSettingsSource] = [init_settings, env_settings]
        if path := os.environ.get("RUNWRIGHT_CONFIG"):
            sources.append(TomlConfigSettingsSource(settings_cls, Path(path)))
        return tuple(sources)

"""What an agent block may say of its tools, limits and checks, as written in the file."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import SchemaError

from runwright.agents.schema import matcher, problem_of
from runwright.blocks.base import Marker, wrong

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_HOST = re.compile(r"[a-z0-9_.\[\]-]+(:\d{1,5})?")


class Options(BaseModel):
    """Strict, unchanging, described by its docstrings."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class HttpTool(Options):
    """The tool to send requests, to some hosts only."""

    hosts: tuple[str, ...] = Field(min_length=1, max_length=50)
    """The hosts the model may reach (`api.example.com`, with a port if one is meant)."""
    methods: tuple[str, ...] = ("GET",)
    """The HTTP methods the model may use."""
    connection: str | None = None
    """The connection of the project whose credential goes along; the model never sees it."""

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not _HOST.fullmatch(host.lower()):
                raise wrong(f"{host!r} is no host; write a name such as api.example.com, or with a port")
        return tuple(host.lower() for host in hosts)

    @field_validator("methods")
    @classmethod
    def _are_methods(cls, methods: tuple[str, ...]) -> tuple[str, ...]:
        if not methods or any(method.upper() not in _METHODS for method in methods):
            raise wrong(f"methods must be some of {', '.join(_METHODS)}")
        return tuple(method.upper() for method in methods)


class McpChoice(Options):
    """Tools of one MCP server of the project."""

    server: str = Field(min_length=1, max_length=100)
    """The name of the server, as it is registered in the project."""
    tools: tuple[str, ...] | None = Field(default=None, min_length=1)
    """The tools the model may call; all the server has when absent."""
    seconds: float | None = Field(default=None, gt=0)
    """How long one call may take, within the installation's setting."""


class WorkflowTool(Options):
    """Another workflow of the project that the model may run; it is given what the workflow came to."""

    id: str | None = None
    """The id of the workflow, which stays when it is renamed. Either `id` or `name`."""
    name: str | None = None
    """The name of the workflow."""
    description: str | None = Field(default=None, max_length=1_000)
    """What the model is told it is good for."""
    inputs: dict[str, str] = Field(default_factory=dict, max_length=50)
    """The context variables the model fills in, each with what the model is told of it."""

    @model_validator(mode="after")
    def _one_name(self) -> WorkflowTool:
        if (self.id is None) == (self.name is None):
            raise wrong("a workflow to run is given by id or by name, not by both")
        return self


class AgentTools(Options):
    """What the model may do beside answering; nothing by default."""

    http: HttpTool | None = None
    """Send requests to the hosts that are named."""
    code: bool = False
    """Run Python in the sandbox, without files or network."""
    files: bool = False
    """List, search and read the files uploaded to the project, and those that blocks of the run have saved."""
    mcp: tuple[McpChoice, ...] = Field(default=(), max_length=20)
    """Call tools of MCP servers that are registered in the project."""
    workflows: tuple[WorkflowTool, ...] = Field(default=(), max_length=20)
    """Run other workflows of the project."""

    @field_validator("mcp")
    @classmethod
    def _each_server_once(cls, mcp: tuple[McpChoice, ...]) -> tuple[McpChoice, ...]:
        if len({choice.server for choice in mcp}) < len(mcp):
            raise wrong("mcp names a server twice; put its tools into one entry")
        return mcp


class AgentLimits(Options):
    """What one run of an agent may use."""

    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    """Longest answer of the model, in tokens; the installation's setting when absent."""
    requests: int = Field(default=10, ge=1, le=100)
    """How often the model may be asked: each step, and each repeated question for a valid answer."""
    tool_calls: int = Field(default=30, ge=0, le=1_000)
    """How often tools may be called."""
    tokens: int | None = Field(default=None, ge=1)
    """Tokens of all requests together, in and out."""
    seconds: float | None = Field(default=None, gt=0)
    """Time for all of it."""
    cost: float | None = Field(default=None, gt=0)
    """US dollars for all of it; no request is sent once they are spent."""


def _check_schema(schema: dict[str, Any] | None) -> dict[str, Any] | None:
    if schema is not None and (problem := problem_of(schema)) is not None:
        raise wrong(f"schema: {problem}")
    return schema


def _check_pattern(pattern: str | None) -> str | None:
    if pattern is not None:
        try:
            matcher(pattern)
        except SchemaError:
            raise wrong(f"the pattern {pattern!r} is not supported; look-around and back-references are not") from None
    return pattern


class AgentCheck(Options):
    """One thing the answer must fulfil; exactly one of the four kinds."""

    # The names in the file are words of Python or of pydantic.
    model_config = ConfigDict(populate_by_name=False)

    json_schema: Annotated[dict[str, Any] | None, AfterValidator(_check_schema)] = Field(default=None, alias="schema")
    """The JSON schema of an object that the answer, read as JSON, must fit."""
    matches: Annotated[str | None, AfterValidator(_check_pattern)] = None
    """A regular expression that must be found in the answer."""
    condition: str | None = Field(default=None, alias="if", max_length=10_000)
    """A condition in which `output` is the answer (`output.field` of a structured one): `output | length < 900`."""
    judge: Annotated[str | None, Marker.TEMPLATE] = None
    """What a model is to judge, as in "Every claim is backed by a commit."; it sees the answer and says why not."""
    message: str | None = None
    """What the model is told when the check fails; a sentence is made when absent."""

    @model_validator(mode="after")
    def _one_kind(self) -> AgentCheck:
        if sum(kind is not None for kind in (self.json_schema, self.matches, self.condition, self.judge)) != 1:
            raise wrong("a check has exactly one of schema, matches, if and judge")
        return self

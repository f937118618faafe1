"""One connection to an MCP server: opened with the first call, owned by one task from beginning to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import Implementation, PaginatedRequestParams, Tool
from pydantic import ValidationError

from runwright import __version__
from runwright.integrations.http.credentials import Applied
from runwright.integrations.http.errors import RequestError
from runwright.integrations.mcp.results import text_of
from runwright.integrations.mcp.servers import (
    McpError,
    McpRefused,
    McpServer,
    McpTool,
    Transport,
    host_of,
    schema_problem,
)
from runwright.integrations.mcp.stdio import stdio_transport
from runwright.kit.text import shortened, storable

MAX_LISTED = 2_000
"""Tools of one server that are looked at."""
_MAX_PAGES = 100
_MAX_NAME = 200
_MAX_DESCRIPTION = 1_024
"""Characters; some vendors of models take no more."""
_QUOTED = 500
_CLOSING = 2.0

T = TypeVar("T")
ClientMaker = Callable[..., httpx2.AsyncClient]


class ToolError(McpError):
    """The server answered, and the answer is that the call failed."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long is waited, in seconds: for a server to be ready, and for each answer."""

    connect: float
    call: float


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    work: Callable[[Client], Awaitable[T]]
    answer: asyncio.Future[T]


@dataclass
class _Desk:
    """Where the task that owns a connection gets its work; None tells it to close the connection."""

    ready: asyncio.Event = field(default_factory=asyncio.Event)
    jobs: asyncio.Queue[_Job[Any] | None] = field(default_factory=asyncio.Queue)
    working: bool = False

    async def work(self, client: Client, answer: Callable[[_Job[Any], Client], Awaitable[None]]) -> None:
        """Do what comes in, one after the other."""
        self.ready.set()
        while (job := await self.jobs.get()) is not None:
            self.working = True
            await answer(job, client)
            self.working = False


@dataclass(frozen=True, slots=True)
class _Owner:
    task: asyncio.Task[None]
    desk: _Desk


@dataclass
class Connection:
    """Calls the tools of one server.

    The protocol library's scopes have to be left by the task that entered them, so one task opens the connection,
    makes every call, and closes it. When a call takes too long, or the server goes away, the connection is given up;
    the next call opens a new one.
    """

    server: McpServer
    times: Times
    make_client: ClientMaker
    max_bytes: int
    _owner: _Owner | None = None
    _status: int | None = field(default=None)

    async def list_tools(self) -> list[McpTool]:
        """All tools of the server, with what is wrong with those that cannot be used.

        Raises:
            McpError: it gave no usable answer.
        """
        return await self._do(_list)

    async def call(self, tool: str, arguments: dict[str, Any]) -> str:
        """Call a tool; its answer as text.

        Raises:
            ToolError: the tool answered that it failed.
            McpError: the server gave no usable answer.
        """

        async def work(client: Client) -> str:
            result = await client.call_tool(tool, arguments)
            text = storable(self._hidden(text_of(result)))
            if result.is_error:
                raise ToolError(text or "the tool failed and does not say why")
            return text

        return await self._do(work)

    async def aclose(self) -> None:
        """Close the connection, if it is open, and see its process ended."""
        owner, self._owner = self._owner, None
        if owner is None:
            return
        try:
            # One that is still at work will not come to the end by itself.
            if owner.desk.ready.is_set() and not owner.desk.working:
                owner.desk.jobs.put_nowait(None)
                await asyncio.wait({owner.task}, timeout=_CLOSING)
        finally:
            if not owner.task.done():
                owner.task.cancel()
        await asyncio.wait({owner.task}, timeout=2 * _CLOSING)

    async def _do(self, work: Callable[[Client], Awaitable[T]]) -> T:
        owner = self._opened()
        ready = asyncio.ensure_future(owner.desk.ready.wait())
        await self._first_of(owner, ready, self.times.connect, "was not ready")
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        owner.desk.jobs.put_nowait(_Job(work, answer))
        return await self._first_of(owner, answer, self.times.call, "did not answer")

    async def _first_of(self, owner: _Owner, wanted: asyncio.Future[T], seconds: float, what: str) -> T:
        """What is wanted; unless the connection ends, or time is up, before it is there."""
        try:
            either: set[asyncio.Future[Any]] = {wanted, owner.task}
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if wanted.done():
                return wanted.result()
        finally:
            wanted.cancel()
        if owner.task.done():
            self._owner = None
            raise self._explained(owner.task.exception()) from None
        await self.aclose()
        raise McpError(f"{self._named} {what} within {seconds:g} seconds")

    def _opened(self) -> _Owner:
        if self._owner is None or self._owner.task.done():
            desk = _Desk()
            task = asyncio.create_task(self._own(desk), name=f"mcp-{self.server.name}")
            task.add_done_callback(_look_at)
            self._owner = _Owner(task, desk)
        return self._owner

    async def _own(self, desk: _Desk) -> None:
        async with self._client() as client:
            await desk.work(client, self._answer)

    async def _answer(self, job: _Job[Any], client: Client) -> None:
        try:
            answer = await job.work(client)
        except (McpError, MCPError, ValidationError, RuntimeError) as error:
            if not job.answer.done():
                job.answer.set_exception(self._explained(error))
        else:
            if not job.answer.done():
                job.answer.set_result(answer)

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[Client]:
        info = Implementation(name="runwright", version=__version__)
        async with self._transport() as transport, Client(transport, client_info=info, cache=None) as client:
            yield client

    @asynccontextmanager
    async def _transport(self) -> AsyncIterator[AbstractAsyncContextManager[Any]]:
        target = self.server.target
        if target.transport is Transport.STDIO:
            yield stdio_transport(target, self.server.secrets, max_bytes=self.max_bytes)
            return
        async with self.make_client(timeout=self.times.call + self.times.connect) as http:
            http.headers.update(self.server.secrets)
            http.event_hooks = {"response": [self._note]}
            yield streamable_http_client(str(target.url), http_client=http, max_sse_event_size=self.max_bytes)

    async def _note(self, response: httpx2.Response) -> None:
        self._status = response.status_code

    @property
    def _named(self) -> str:
        return f"The MCP server {self.server.name!r}"

    def _hidden(self, text: str) -> str:
        """The text without the secrets: they are hidden, with and without the word before a token."""
        given = self.server.secrets.values()
        return Applied(secrets=(*given, *(value.split(" ", 1)[1] for value in given if " " in value))).hide(text)

    def _explained(self, error: BaseException | None) -> McpError:
        if isinstance(error, ToolError):
            return error
        found = next((words for one in _flat(error) if (words := self._words(one)) is not None), None)
        if found is None:
            first = next(_flat(error), None)
            how = "closed the connection" if first is None else f"broke on {type(first).__name__}: {first}"
            return McpError(f"{self._named} {shortened(self._hidden(how), _QUOTED)}")
        said, retryable = found
        message = f"{self._named} could not be used: {shortened(self._hidden(said), _QUOTED)}"
        return McpError(message) if retryable else McpRefused(message)

    def _words(self, error: BaseException) -> tuple[str, bool] | None:
        """What is wrong, and whether trying again could help; None for what explains nothing."""
        if isinstance(error, McpError | RequestError):
            return str(error), error.retryable
        if isinstance(error, httpx2.InvalidURL | UnicodeError):
            return f"the request was not sent: its address is no valid URL ({error})", False
        if isinstance(error, httpx2.TransportError):
            place = host_of(str(self.server.target.url))
            return f"{place} could not be reached: {error or type(error).__name__}", True
        if isinstance(error, MCPError):
            return self._protocol_words(error), True
        if isinstance(error, ValidationError):
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(step) for step in first["loc"])
            return f"its answer is not as the protocol says: {place}: {first['msg']}", False
        return (str(error), False) if isinstance(error, RuntimeError) else None

    def _protocol_words(self, error: MCPError) -> str:
        if self._status is None or self._status < 400:
            return error.message
        hint = "; look at its headers" if self._status in (401, 403) else ""
        return f"it answered HTTP {self._status}: {error.message}{hint}"


async def _list(client: Client) -> list[McpTool]:
    found: dict[str, McpTool] = {}
    cursor: str | None = None
    for _ in range(_MAX_PAGES):
        params = PaginatedRequestParams(cursor=cursor) if cursor is not None else None
        page = await client.session.list_tools(params=params)
        for tool in page.tools:
            found.setdefault(tool.name, _described(tool))
        cursor = page.next_cursor
        if cursor is None:
            return list(found.values())
        if len(found) > MAX_LISTED:
            break
    raise McpRefused(f"its list of tools has no end: it was given up after {len(found)} tools")


def _described(tool: Tool) -> McpTool:
    name, schema = storable(tool.name), tool.input_schema
    problem = schema_problem(schema)
    if not 0 < len(tool.name) <= _MAX_NAME:
        name, problem = shortened(name, _MAX_NAME), f"its name is not of 1 to {_MAX_NAME} characters"
    description = shortened(tool.description or tool.title or "", _MAX_DESCRIPTION)
    return McpTool(name, description, {} if problem else schema, problem)


def _flat(error: BaseException | None) -> Iterator[BaseException]:
    """An exception with all it was raised from or with; groups by their members."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, BaseExceptionGroup):
            for member in seen.exceptions:
                yield from _flat(member)
        else:
            yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _look_at(task: asyncio.Task[None]) -> None:
    """Whoever waits for the task says what became of it; when nobody does, nobody needs to know."""
    with suppress(asyncio.CancelledError):
        task.exception()

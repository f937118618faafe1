"""Connections to MCP servers, over both transports, with servers that behave and servers that do not."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import psutil
import pytest

from runwright.integrations.mcp.connection import Connection
from runwright.integrations.mcp.fake_server import HUGE, MANY, FakeMcpServer, Kind
from runwright.integrations.mcp.servers import McpError, McpRefused, McpServer, Target, Transport

from .support import connector, over_http, over_stdio

pytestmark = pytest.mark.anyio
SECRET = "s3cret-value"


@asynccontextmanager
async def connected(server: McpServer, *, seconds: float = 20) -> AsyncIterator[Connection]:
    connection = await connector(server, seconds=seconds).open(server)
    try:
        yield connection
    finally:
        await connection.aclose()


@pytest.fixture(params=["http", "stdio"])
def server(request: pytest.FixtureRequest) -> Iterator[McpServer]:
    """A server that is well, once over each transport."""
    if request.param == "stdio":
        yield over_stdio(env={"TOKEN": SECRET})
        return
    with FakeMcpServer() as fake:
        yield over_http(fake, headers={"Authorization": f"Bearer {SECRET}"})


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if "fake_server" in " ".join(child.cmdline())]


async def test_tools_are_listed_and_called(server: McpServer) -> None:
    async with connected(server) as connection:
        tools = {tool.name: tool for tool in await connection.list_tools()}
        assert tools["add"].schema["required"] == ["a", "b"]
        assert tools["echo"].description == "Gives the text back."
        assert await connection.call("add", {"a": 1, "b": 2}) == "3"
        assert await connection.call("echo", {"text": "Grüße"}) == "Grüße"
    assert children() == []


async def test_what_fails_is_told_and_the_connection_goes_on(server: McpServer) -> None:
    async with connected(server) as connection:
        with pytest.raises(McpError, match="this is a scripted failure"):
            await connection.call("fail", {})
        with pytest.raises(McpError, match="there is no tool unknown"):
            await connection.call("unknown", {})
        with pytest.raises(McpError, match="could not be used"):
            await connection.call("nonsense", {})
        assert await connection.call("echo", {"text": "still here"}) == "still here"


async def test_a_server_that_dies_in_a_call(server: McpServer) -> None:
    async with connected(server) as connection:
        with pytest.raises(McpError, match=r"ended with code 7|could not be reached"):
            await connection.call("die", {})
        # The next call finds a new one.
        assert await connection.call("add", {"a": 1, "b": 2}) == "3"
    assert children() == []


async def test_a_call_that_is_never_answered(server: McpServer) -> None:
    async with connected(server, seconds=0.5) as connection:
        with pytest.raises(McpError, match=r"did not answer within 0\.5 seconds"):
            await connection.call("slow", {})
        assert await connection.call("add", {"a": 1, "b": 2}) == "3"
    assert children() == []


async def test_a_huge_answer(server: McpServer) -> None:
    async with connected(server) as connection:
        assert len(await connection.call("huge", {})) == HUGE


async def test_an_answer_that_is_too_large(server: McpServer) -> None:
    servers = connector(server)
    servers.http = servers.http.model_copy(update={"max_response_bytes": 100_000})
    connection = await servers.open(server)
    with pytest.raises(McpError, match=r"longer than may be read|larger than"):
        await connection.call("huge", {})
    await connection.aclose()
    assert children() == []


async def test_secrets_reach_the_server_and_are_hidden_in_what_it_says(server: McpServer) -> None:
    async with connected(server) as connection:
        seen = json.loads(await connection.call("environment", {}))
    assert "[secret]" in (seen.get("TOKEN") or seen["authorization"])
    assert SECRET not in str(seen)


async def test_a_process_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWRIGHT_SECRET_KEY", SECRET)
    async with connected(over_stdio(env={"ONE": "only this"})) as connection:
        seen = json.loads(await connection.call("environment", {}))
    assert seen["ONE"] == "[secret]"
    assert set(seen) <= {"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "ONE"}


async def test_many_tools_come_in_pages() -> None:
    with FakeMcpServer(Kind.MANY) as fake:
        async with connected(over_http(fake)) as connection:
            assert len(await connection.list_tools()) == MANY


async def test_a_list_without_end_is_given_up() -> None:
    with FakeMcpServer(Kind.ENDLESS) as fake:
        async with connected(over_http(fake)) as connection:
            with pytest.raises(McpError, match="has no end"):
                await connection.list_tools()


async def test_tools_with_bad_schemas_are_marked() -> None:
    with FakeMcpServer(Kind.BAD_SCHEMA) as fake:
        async with connected(over_http(fake)) as connection:
            tools = {tool.name: tool for tool in await connection.list_tools()}
    assert tools["echo"].problem is None
    assert "is not valid" in str(tools["no_schema"].problem)
    assert "leads nowhere" in str(tools["lost"].problem)


async def test_a_list_that_is_none() -> None:
    with FakeMcpServer(Kind.NO_PROTOCOL) as fake:
        async with connected(over_http(fake)) as connection:
            with pytest.raises(McpError, match=r"tools\.8\.inputSchema"):
                await connection.list_tools()


@pytest.mark.parametrize("transport", ["http", "stdio"])
async def test_a_server_that_is_never_ready(transport: str) -> None:
    with FakeMcpServer(Kind.SILENT) as fake:
        server = over_http(fake) if transport == "http" else over_stdio(Kind.SILENT)
        servers = connector(server)
        servers.settings = servers.settings.model_copy(update={"connect_seconds": 0.5})
        with pytest.raises(McpError, match=r"was not ready within 0\.5 seconds"):
            await servers.refresh(server, org_id="o")
    assert children() == []


async def test_a_process_that_ends_at_once_has_a_last_word() -> None:
    server = over_stdio(Kind.DEAD)
    with pytest.raises(McpError, match="ended with code 1, after writing: I cannot live like this"):
        await connector(server).refresh(server, org_id="o")


async def test_a_stubborn_process_is_killed_with_its_children() -> None:
    before = set(psutil.Process().children(recursive=True))
    async with connected(over_stdio(Kind.STUBBORN)) as connection:
        assert await connection.call("add", {"a": 1, "b": 2}) == "3"
        started = set(psutil.Process().children(recursive=True)) - before
        assert len(started) >= 2
    _, left = psutil.wait_procs(started, timeout=10)
    assert [process for process in left if process.status() != psutil.STATUS_ZOMBIE] == []


async def test_a_command_that_is_not_there() -> None:
    target = Target(Transport.STDIO, command="no-such-command-anywhere")
    server = McpServer(id="1", name="lost", target=target)
    servers = connector(server)
    servers.settings = servers.settings.model_copy(update={"stdio_commands": frozenset({"no-such-command-anywhere"})})
    with pytest.raises(McpRefused, match="could not be started: No such file"):
        await servers.refresh(server, org_id="o")


async def test_a_command_the_operator_has_not_allowed() -> None:
    server = over_stdio()
    with pytest.raises(McpRefused, match="RUNWRIGHT_MCP__STDIO_COMMANDS"):
        await connector(server, commands=False).refresh(server, org_id="o")


async def test_a_private_address_is_refused() -> None:
    with FakeMcpServer() as fake:
        server = over_http(fake)
        with pytest.raises(McpRefused, match="RUNWRIGHT_HTTP__ALLOW_HOSTS"):
            await connector(server, allow=False).refresh(server, org_id="o")
        assert fake.seen == []


async def test_a_server_that_refuses_the_key() -> None:
    from runwright.integrations.http.fake import FakeServer, Reply

    with FakeServer(lambda _: Reply(status=401)) as closed:
        server = McpServer(id="1", name="closed", target=Target(Transport.HTTP, url=closed.url))
        with pytest.raises(McpError, match=r"HTTP 401.*look at its headers"):
            await connector(server).refresh(server, org_id="o")


async def test_what_was_listed_is_kept_and_used() -> None:
    with FakeMcpServer() as fake:
        server = over_http(fake)
        servers = connector(server)
        found = await servers.find("tracker", org_id="o", project_id="p")
        assert found.tools is not None
        assert servers.stored.kept["tracker"] == found.tools  # type: ignore[union-attr]
        asked = len(fake.seen)
        known = connector(replace(server, tools=found.tools))
        assert await known.find("tracker", org_id="o", project_id="p") == replace(server, tools=found.tools)
        assert len(fake.seen) == asked
    with pytest.raises(McpRefused, match="no MCP server 'other'"):
        await servers.find("other", org_id="o", project_id="p")


class TestTheProtocolsOwnServer:
    """The other side written with the protocol's own library."""

    CODE = (
        "from mcp.server.mcpserver import MCPServer\n"
        "server = MCPServer('real')\n"
        "@server.tool()\n"
        "def double(n: int) -> int:\n"
        "    'Doubles a number.'\n"
        "    return 2 * n\n"
        "server.run(transport='stdio')\n"
    )

    async def test_over_stdio(self) -> None:
        target = Target(Transport.STDIO, command=sys.executable, args=("-c", self.CODE))
        async with connected(McpServer(id="1", name="real", target=target)) as connection:
            assert [tool.name for tool in await connection.list_tools()] == ["double"]
            assert await connection.call("double", {"n": 21}) == "42"
            with pytest.raises(McpError):
                await connection.call("double", {"n": "many"})

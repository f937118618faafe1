"""Attempts by way of MCP servers: to reach what is closed, to start what is not allowed, to use up the server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import psutil
import pytest

from runwright.config import HttpSettings
from runwright.integrations.http.fake import FakeServer, Reply, Seen
from runwright.integrations.mcp.fake_server import FakeMcpServer
from runwright.integrations.mcp.servers import McpError, McpRefused, McpServer, Target, Transport
from tests.mcp_servers.support import MemoryServers, connector, over_http
from tests.security.test_outgoing_requests import PRIVATE_LITERALS

pytestmark = pytest.mark.anyio

SECRET = "s3cret-value"
MEBIBYTE = 1024 * 1024
CLOSED_ADDRESSES = [host for host in PRIVATE_LITERALS if host.isascii()]
REDIRECTS = [(status, place) for status in (301, 302, 303, 307, 308) for place in ("elsewhere", "metadata", "file")]
BAD_COMMANDS = [
    "bash",
    "/bin/sh",
    "python",
    f"{sys.executable} -c pass",
    f"{sys.executable}\x00",
    f" {sys.executable}",
    f"{sys.executable}/",
    f"./{sys.executable}",
    f"{sys.executable.rpartition('/')[0]}/../{sys.executable}",
    "",
]
FLOODS = ["endless line", "endless answer", "endless errors", "endless log"]


def test_the_number_of_attacks() -> None:
    """So that none is lost unnoticed."""
    counts = (len(CLOSED_ADDRESSES), len(REDIRECTS), len(BAD_COMMANDS), len(FLOODS))
    assert counts == (78, 15, 10, 4)
    assert sum(counts) == 107


@pytest.fixture
def secret() -> Iterator[FakeServer]:
    """A private server that nobody should reach."""
    with FakeServer(lambda _: Reply(body=b"secret")) as server:
        yield server
        assert server.seen == [], "the private server was reached"


@pytest.mark.parametrize("host", CLOSED_ADDRESSES)
async def test_private_addresses_are_refused(host: str) -> None:
    server = McpServer(id="1", name="a", target=Target(Transport.HTTP, url=f"http://{host}/mcp"))
    with pytest.raises(McpRefused, match="was not sent"):
        await connector(allow=False).refresh(server, org_id="o")


@pytest.mark.parametrize(("status", "place"), REDIRECTS)
async def test_redirects_lead_nowhere_and_take_no_secret_along(status: int, place: str, secret: FakeServer) -> None:
    places = {"elsewhere": secret.url, "metadata": "http://169.254.169.254/", "file": "file:///etc/passwd"}
    redirect = Reply(status=status, headers={"location": places[place]})
    with FakeServer(lambda _: redirect) as first:
        servers = connector()
        servers.http = HttpSettings(allow_hosts=frozenset({f"127.0.0.1:{first.port}"}))
        headers = {"Authorization": f"Bearer {SECRET}"}
        server = McpServer(id="1", name="a", target=Target(Transport.HTTP, url=first.url), secrets=headers)
        with pytest.raises(McpError) as caught:
            await servers.refresh(server, org_id="o")
        assert SECRET not in str(caught.value)


@pytest.mark.parametrize("command", BAD_COMMANDS)
async def test_only_allowed_commands_are_started(command: str) -> None:
    server = McpServer(id="1", name="a", target=Target(Transport.STDIO, command=command, args=("-c", "pass")))
    before = psutil.Process().children(recursive=True)
    with pytest.raises(McpRefused, match="RUNWRIGHT_MCP__STDIO_COMMANDS"):
        await connector().refresh(server, org_id="o")
    assert psutil.Process().children(recursive=True) == before


FLOODING = {
    "endless line": "import sys\nwhile True: sys.stdout.write('x' * 65536)",
    "endless answer": (
        "import sys\nsys.stdin.readline()\n"
        'sys.stdout.write(\'{"jsonrpc": "2.0", "id": 1, "result": "\')\nwhile True: sys.stdout.write(\'x\' * 65536)'
    ),
    "endless errors": "import sys\nwhile True: sys.stderr.write('x' * 65536)",
    "endless log": "import sys\nwhile True: sys.stdout.write('no message\\n')",
}


@pytest.mark.parametrize("flood", FLOODS)
async def test_a_process_that_writes_without_end_uses_up_nothing(flood: str) -> None:
    server = McpServer(
        id="1", name="a", target=Target(Transport.STDIO, command=sys.executable, args=("-c", FLOODING[flood]))
    )
    servers = connector()
    servers.settings = servers.settings.model_copy(update={"connect_seconds": 3})
    servers.http = servers.http.model_copy(update={"max_response_bytes": MEBIBYTE})
    before = psutil.Process().memory_info().rss
    with pytest.raises(McpError):
        await servers.refresh(server, org_id="o")
    assert psutil.Process().memory_info().rss - before < 64 * MEBIBYTE


async def test_what_a_tool_says_cannot_change_what_is_called() -> None:
    """A server that answers with other messages than asked for gets none of them acted on."""

    def answer(seen: Seen) -> Reply:
        asked = seen.json()
        if "id" not in asked:
            return Reply(status=202)
        return Reply.of({"jsonrpc": "2.0", "id": 999, "method": "sampling/createMessage", "params": {"x": asked["id"]}})

    with FakeServer(answer) as lying:
        server = McpServer(id="1", name="a", target=Target(Transport.HTTP, url=lying.url))
        servers = connector()
        servers.settings = servers.settings.model_copy(update={"connect_seconds": 2})
        with pytest.raises(McpError):
            await servers.refresh(server, org_id="o")


async def test_secrets_are_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="runwright")

    def answer(seen: Seen) -> Reply:
        said = {"code": -32000, "message": f"bad key {seen.headers.get('authorization')}"}
        return Reply.of({"jsonrpc": "2.0", "id": json.loads(seen.body).get("id"), "error": said}, status=400)

    with FakeServer(answer) as telling:
        target = Target(Transport.HTTP, url=telling.url)
        server = McpServer(id="1", name="a", target=target, secrets={"Authorization": f"Bearer {SECRET}"})
        with pytest.raises(McpError) as caught:
            await connector().refresh(server, org_id="o")
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(server)
    assert SECRET not in caplog.text


async def test_another_projects_server_is_not_found() -> None:
    with FakeMcpServer() as fake:
        servers = connector()
        servers.stored = MemoryServers({"mine": over_http(fake, name="mine")})
        with pytest.raises(McpRefused, match="no MCP server"):
            await servers.find("theirs", org_id="o", project_id="p")
        assert fake.seen == []

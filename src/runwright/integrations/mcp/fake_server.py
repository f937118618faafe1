"""An MCP server for tests and demonstrations that also behaves as badly as real ones do.

Over HTTP: ``with FakeMcpServer() as server: server.mcp_url``. Over standard input and output:
``python -m runwright.integrations.mcp.fake_server [KIND]``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from runwright.integrations.http.fake import CUT, NEVER, FakeServer, Reply, Seen

VERSION = "2025-06-18"
MANY = 500
HUGE = 3_000_000
_TEXT = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
_NOTHING: dict[str, Any] = {"type": "object", "properties": {}}


class Kind(StrEnum):
    """What is the matter with a server as a whole."""

    NORMAL = "normal"
    MANY = "many"
    """It has five hundred tools."""
    BAD_SCHEMA = "bad_schema"
    """Some of its tools have schemas that are none."""
    NO_PROTOCOL = "no_protocol"
    """One of its tools is so wrong that its list is none."""
    ENDLESS = "endless"
    """Its list of tools has always one page more."""
    SILENT = "silent"
    """It never answers."""
    DEAD = "dead"
    """It ends as soon as it is started."""
    STUBBORN = "stubborn"
    """It starts a child, and neither ends when its input does nor when it is asked to."""


TOOLS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "echo": ("Gives the text back.", _TEXT),
    "add": (
        "Adds two numbers.",
        {
            "type": "object",
            "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
            "required": ["a", "b"],
        },
    ),
    "environment": ("Tells which variables its process has, and what its requests bring along.", _NOTHING),
    "fail": ("Says that it failed.", _NOTHING),
    "huge": ("Answers with more than anybody wants to read.", _NOTHING),
    "slow": ("Never answers.", _NOTHING),
    "die": ("Ends its server in the middle of the call.", _NOTHING),
    "nonsense": ("Answers with what is no answer.", _NOTHING),
}


class Silence(Exception):
    """No answer is given."""


class Death(Exception):
    """The server ends."""


def respond(message: Mapping[str, Any], kind: Kind, seen: Mapping[str, str]) -> dict[str, Any] | None:
    """The answer to a message, None where there is none; ``seen`` is what a call brought along.

    Raises:
        Silence: it never comes.
        Death: the server ends instead.
    """
    if kind is Kind.SILENT:
        raise Silence
    if "id" not in message:
        return None
    method, params = message["method"], message.get("params") or {}
    if method == "initialize":
        about = {"protocolVersion": VERSION, "capabilities": {"tools": {}}}
        result = {**about, "serverInfo": {"name": "fake", "version": "1"}}
    elif method == "tools/list":
        result = _listing(kind, params.get("cursor"))
    elif method == "tools/call":
        result = _call(str(params.get("name")), params.get("arguments") or {}, seen)
    else:
        error = {"code": -32601, "message": f"no such method: {method}"}
        return {"jsonrpc": "2.0", "id": message["id"], "error": error}
    return {"jsonrpc": "2.0", "id": message["id"], "result": result}


def _listing(kind: Kind, cursor: str | None) -> dict[str, Any]:
    tools = [_tool(name, description, schema) for name, (description, schema) in TOOLS.items()]
    if kind is Kind.MANY:
        start = int(cursor or 0)
        page = [_tool(f"tool_{number}", "One of many.", _NOTHING) for number in range(start, start + 100)]
        return {"tools": page, **({"nextCursor": str(start + 100)} if start + 100 < MANY else {})}
    if kind is Kind.ENDLESS:
        return {"tools": tools, "nextCursor": "again"}
    if kind is Kind.BAD_SCHEMA:
        tools.append(_tool("no_schema", "Takes a wish.", {"type": "object", "properties": {"a": {"type": "wish"}}}))
        lost = {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1/schema"}}}
        tools.append(_tool("lost", "Takes what is elsewhere.", lost))
        tools.append(_tool("name with ümlaut/" + "x" * 90, "Has a long name.", _TEXT))
        tools.append(_tool("name with ümlaut/" + "x" * 91, "Has a long name.", _TEXT))
    if kind is Kind.NO_PROTOCOL:
        tools.append(_tool("no_object", "Takes a list.", {"type": "array"}))
    return {"tools": tools}


def _tool(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "description": description, "inputSchema": schema}


def _call(name: str, arguments: Mapping[str, Any], seen: Mapping[str, str]) -> dict[str, Any]:
    match name:
        case "slow":
            raise Silence
        case "die":
            raise Death
        case "nonsense":
            return {"content": "none"}
        case "fail":
            return {**_text("this is a scripted failure"), "isError": True}
        case "huge":
            return _text("x" * HUGE)
        case "environment":
            return _text(json.dumps(dict(seen)))
        case "add":
            return _text(str(arguments["a"] + arguments["b"]))
        case "echo":
            return _text(str(arguments.get("text")))
        case _:
            return {**_text(f"there is no tool {name}"), "isError": True}


def _text(text: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": text}]}


class FakeMcpServer(FakeServer):
    """Speaks streamable HTTP, in the plain way: an answer for each request, no session."""

    def __init__(self, kind: Kind = Kind.NORMAL) -> None:
        """Take what is the matter with it."""
        super().__init__(self._answer)
        self._kind = kind

    @property
    def mcp_url(self) -> str:
        """Where it listens."""
        return f"{self.url}/mcp"

    @property
    def called(self) -> list[str]:
        """The tools that were called."""
        messages = [seen.json() for seen in self.seen if seen.method == "POST"]
        return [message["params"]["name"] for message in messages if message.get("method") == "tools/call"]

    def _answer(self, seen: Seen) -> Reply:
        if seen.method != "POST":
            return Reply(status=405)
        try:
            answer = respond(seen.json(), self._kind, seen.headers)
        except Silence:
            return NEVER
        except Death:
            return CUT
        return Reply(status=202) if answer is None else Reply.of(answer)


def main(kind: Kind) -> None:
    """Serve standard input and output until the input ends."""
    if kind is Kind.DEAD:
        raise SystemExit("I cannot live like this")
    if kind is Kind.STUBBORN:
        _be_stubborn()
    print("a line that is no message", flush=True)  # noqa: T201
    for line in sys.stdin:
        try:
            answer = respond(json.loads(line), kind, dict(os.environ))
        except Silence:
            time.sleep(3600)
        except Death:
            os._exit(7)
        else:
            if answer is not None:
                print(json.dumps(answer), flush=True)  # noqa: T201
    while kind is Kind.STUBBORN:
        time.sleep(3600)


def _be_stubborn() -> None:
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])


if __name__ == "__main__":
    main(Kind(sys.argv[1]) if len(sys.argv) > 1 else Kind.NORMAL)

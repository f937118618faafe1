"""The tools a model may call. Each call is answered once: after a crash the kept answer is used again."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pydantic_ai import Tool

from runwright.agents.options import AgentTools, HttpTool
from runwright.blocks.base import BlockContext, Checkpoint
from runwright.integrations.http.credentials import Applied, CredentialError
from runwright.integrations.http.errors import RequestError
from runwright.integrations.http.messages import Answer, Outgoing
from runwright.integrations.sandbox.pool import SandboxError, Snippet
from runwright.kit.clock import now_ms
from runwright.kit.json import Json, dumps, loads
from runwright.kit.text import storable

MAX_RESULT = 50_000
"""Characters of a tool's answer that the model is given."""
_CALL_SECONDS = 60.0
_PORTS = {"http": 80, "https": 443}

Call = Callable[[dict[str, Any]], Awaitable[str]]


class ToolFailed(Exception):
    """The call failed in a way the model may react to: it is told the text."""


@dataclass
class Toolbox:
    """The tools of one run of an agent block."""

    options: AgentTools
    context: BlockContext
    _calls: int = field(default=0)

    def tools(self) -> list[Tool[None]]:
        """All of them, as the agent library takes them."""
        made: list[Tool[None]] = []
        if self.options.http is not None:
            made.append(self._http(self.options.http))
        if self.options.code:
            made.append(self._code())
        return made

    def _http(self, options: HttpTool) -> Tool[None]:
        schema = _object(
            {
                "url": {"type": "string", "description": "The whole address, with https:// or http://."},
                "method": {"type": "string", "enum": list(options.methods)},
                "body": {"type": "string", "description": "The body to send, if any."},
                "content_type": {"type": "string", "description": "The type of the body; JSON when absent."},
            },
            required=["url"],
        )
        description = f"Sends an HTTP request. Hosts that can be reached: {', '.join(options.hosts)}."
        return self._tool("http_request", description, schema, lambda given: self._request(options, given))

    def _code(self) -> Tool[None]:
        schema = _object({"code": {"type": "string"}}, required=["code"])
        description = (
            "Runs a Python program in a sandbox and gives what it printed and the value of its last line. No files, "
            "network, packages, inheritance or yield; re, json, math, datetime and collections are there."
        )
        return self._tool("run_code", description, schema, self._run_code)

    def _tool(self, name: str, description: str, schema: dict[str, Any], call: Call) -> Tool[None]:
        async def answered(**given: Any) -> str:
            return await self._answered(name, given, call)

        return Tool.from_schema(answered, name, description, schema, sequential=True)

    async def _answered(self, name: str, given: dict[str, Any], call: Call) -> str:
        """The answer kept from before a crash, or a new one."""
        self._calls += 1
        key = f"tool:{self._calls}"
        digest = hashlib.sha256(dumps([name, given]).encode("utf-8", "replace")).hexdigest()
        kept = await self.context.checkpoints.get(key)
        if kept is not None and kept.request_hash == digest:
            return str(loads(kept.response)["result"])
        started = now_ms()
        self.context.emit("tool", {"call": self._calls, "tool": name, "arguments": given})
        result = await _result_of(call, given)
        response = {"tool": name, "arguments": given, "result": result}
        await self.context.checkpoints.put(
            key,
            Checkpoint(
                kind="tool",
                request_hash=digest,
                response=storable(dumps(response)),
                started_at=started,
                finished_at=now_ms(),
            ),
        )
        self.context.emit("tool", {"call": self._calls, "tool": name, "result": result[:1000]})
        return result

    async def _request(self, options: HttpTool, given: dict[str, Any]) -> str:
        url, method = str(given.get("url", "")), str(given.get("method") or options.methods[0]).upper()
        _require_allowed(options, url, method)
        applied = await self._credential(options, url)
        body = given.get("body")
        headers = {"Accept": "*/*", "User-Agent": "runwright"}
        if body is not None:
            headers["Content-Type"] = str(given.get("content_type") or "application/json")
        outgoing = Outgoing(
            method=method,
            url=url,
            headers={**headers, **applied.headers},
            content=None if body is None else _text(body).encode("utf-8", "replace"),
            timeout=_CALL_SECONDS,
            # A redirect could lead to a host the model may not reach.
            follow_redirects=False,
        )
        try:
            answer: Answer = await self.context.services.http.request(outgoing)
        except RequestError as error:
            raise ToolFailed(applied.hide(str(error))) from error
        return applied.hide(f"HTTP {answer.status}{_location(answer)}\n\n{answer.text}")

    async def _credential(self, options: HttpTool, url: str) -> Applied:
        if options.connection is None:
            return Applied()
        context = self.context
        try:
            applied: Applied = await context.services.credentials.apply(
                options.connection, url, org_id=context.org_id, project_id=context.project_id
            )
        except CredentialError as error:
            raise ToolFailed(str(error)) from error
        return applied

    async def _run_code(self, given: dict[str, Any]) -> str:
        try:
            ran = await self.context.services.sandbox.run(Snippet(code=_text(given.get("code", ""))))
        except SandboxError as error:
            raise ToolFailed(f"{error.printed}{error}") from error
        return dumps({"printed": ran.printed, "value": ran.output})


async def _result_of(call: Call, given: dict[str, Any]) -> str:
    try:
        result = storable(await call(given))
    except ToolFailed as error:
        result = f"Error: {storable(str(error))}"
    if len(result) > MAX_RESULT:
        return f"{result[:MAX_RESULT]}\n… ({len(result)} characters; the rest is left out)"
    return result


def _require_allowed(options: HttpTool, url: str, method: str) -> None:
    if method not in options.methods:
        raise ToolFailed(f"the method {method} is not allowed; there is {', '.join(options.methods)}")
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise ToolFailed(f"{url!r} is no valid address") from None
    if f"{host}:{port}" in options.hosts:
        return
    # A host without a port means the usual one: another service of that machine is another host.
    if host not in options.hosts or port not in _PORTS.values():
        raise ToolFailed(f"the host {host}:{port} is not allowed; there is {', '.join(options.hosts)}")


def _location(answer: Answer) -> str:
    location = answer.headers.get("location")
    return f" to {location}" if location and 300 <= answer.status < 400 else ""


def _text(value: Json) -> str:
    return value if isinstance(value, str) else dumps(value)


def _object(properties: dict[str, Any], *, required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

"""The tools that every installation has: HTTP requests, and code in the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from runwright.agents.offers import Offer, ToolCall, ToolFailed, object_schema
from runwright.agents.options import AgentTools, HttpTool
from runwright.blocks.base import BlockContext
from runwright.integrations.http.credentials import Applied, CredentialError
from runwright.integrations.http.errors import RequestError
from runwright.integrations.http.messages import Answer, Outgoing
from runwright.integrations.sandbox.pool import SandboxError, Snippet
from runwright.kit.json import dumps

_CALL_SECONDS = 60.0
_PORTS = {"http": 80, "https": 443}


def own_offers(options: AgentTools, context: BlockContext) -> list[Offer]:
    """The tools that need nothing but this installation."""
    offers: list[Offer] = []
    if options.http is not None:
        offers.append(_http(HttpCalls(options.http, context)))
    if options.code:
        offers.append(_code(context))
    return offers


def _http(calls: HttpCalls) -> Offer:
    options = calls.options
    schema = object_schema(
        {
            "url": {"type": "string", "description": "The whole address, with https:// or http://."},
            "method": {"type": "string", "enum": list(options.methods)},
            "body": {"type": "string", "description": "The body to send, if any."},
            "content_type": {"type": "string", "description": "The type of the body; JSON when absent."},
        },
        required=["url"],
    )
    description = f"Sends an HTTP request. Hosts that can be reached: {', '.join(options.hosts)}."
    return Offer("http_request", description, schema, calls.send)


def _code(context: BlockContext) -> Offer:
    description = (
        "Runs a Python program in a sandbox and gives what it printed and the value of its last line. No files, "
        "network, packages, inheritance or yield; re, json, math, datetime and collections are there."
    )
    schema = object_schema({"code": {"type": "string"}}, required=["code"])

    async def run(call: ToolCall) -> str:
        try:
            ran = await context.services.sandbox.run(Snippet(code=call.text("code")))
        except SandboxError as error:
            raise ToolFailed(f"{error.printed}{error}") from error
        return dumps({"printed": ran.printed, "value": ran.output})

    return Offer("run_code", description, schema, run)


@dataclass(frozen=True, slots=True)
class HttpCalls:
    """Sends the requests of a model, to the hosts it may reach."""

    options: HttpTool
    context: BlockContext

    async def send(self, call: ToolCall) -> str:
        """Send one.

        Raises:
            ToolFailed: it may not be sent, or there was no answer.
        """
        url, method = call.text("url"), call.text("method").upper() or self.options.methods[0]
        _require_allowed(self.options, url, method)
        applied = await self._credential(url)
        body = None if call.arguments.get("body") is None else call.text("body").encode("utf-8", "replace")
        headers = {"Accept": "*/*", "User-Agent": "runwright"}
        if body is not None:
            headers["Content-Type"] = call.text("content_type") or "application/json"
        outgoing = Outgoing(
            method=method,
            url=url,
            headers={**headers, **applied.headers},
            content=body,
            timeout=_CALL_SECONDS,
            # A redirect could lead to a host the model may not reach.
            follow_redirects=False,
        )
        try:
            answer: Answer = await self.context.services.http.request(outgoing)
        except RequestError as error:
            raise ToolFailed(applied.hide(str(error))) from error
        return applied.hide(f"HTTP {answer.status}{_location(answer)}\n\n{answer.text}")

    async def _credential(self, url: str) -> Applied:
        if self.options.connection is None:
            return Applied()
        context = self.context
        try:
            applied: Applied = await context.services.credentials.apply(
                self.options.connection, url, org_id=context.org_id, project_id=context.project_id
            )
        except CredentialError as error:
            raise ToolFailed(str(error)) from error
        return applied


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

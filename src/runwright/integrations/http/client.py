"""The client of HTTP blocks, and of whatever else calls an address that a user has given."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from typing import Self

import httpx2

from runwright.config import HttpSettings
from runwright.integrations.http.allowlist import AllowList
from runwright.integrations.http.errors import (
    BadAnswer,
    Refused,
    RequestError,
    TimedOut,
    TooManyRedirects,
    Unreachable,
)
from runwright.integrations.http.guard import Guard, Resolver, system_resolver
from runwright.integrations.http.messages import Answer, Outgoing
from runwright.integrations.http.transport import GuardedTransport

_CONNECT_SECONDS = 10.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What may follow a redirect to another origin. All else could be a secret, whatever its name.
_HARMLESS_HEADERS = frozenset({"accept", "accept-language", "content-type", "content-length", "user-agent"})


class GuardedClient:
    """Sends requests through the guard, follows redirects through it, and reads answers within a limit."""

    def __init__(
        self, settings: HttpSettings, *, resolver: Resolver = system_resolver, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        """Make a client.

        Raises:
            ValueError: ``allow_hosts`` has an entry that is no host.
        """
        self._settings = settings
        self._ssl_context = ssl_context
        self._transport: GuardedTransport | None = None
        self.guard = Guard(AllowList(settings.allow_hosts), resolver=resolver)

    async def request(self, outgoing: Outgoing) -> Answer:
        """Send a request and read its answer, whatever its status.

        Raises:
            RequestError: no usable answer; the subclass tells why.
        """
        seconds = outgoing.timeout or self._settings.timeout
        request = _build(outgoing)
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(request, redirects=outgoing.follow_redirects)
        except TimeoutError:
            raise TimedOut(f"{_place(request)} did not answer within {seconds:g} seconds") from None

    async def aclose(self) -> None:
        """Close what is open."""
        if self._transport is not None:
            await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _follow(self, request: httpx2.Request, *, redirects: bool) -> Answer:
        for _ in range(self._settings.max_redirects + 1):
            response, body = await self._send(request)
            following = _redirected(request, response) if redirects else None
            if following is None:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(status=response.status_code, headers=headers, body=body, url=str(request.url))
            request = following
        raise TooManyRedirects(f"Gave up after {self._settings.max_redirects} redirects, the last to {request.url}")

    async def _send(self, request: httpx2.Request) -> tuple[httpx2.Response, bytes]:
        request.extensions = {"timeout": httpx2.Timeout(None, connect=_CONNECT_SECONDS).as_dict()}
        try:
            response = await self._open().handle_async_request(request)
            try:
                return response, await response.aread()
            finally:
                await response.aclose()
        except httpx2.TransportError as error:
            raise _explained(error, request) from error

    def _open(self) -> GuardedTransport:
        # Made with the first request: loading the certificates takes longer than most commands run.
        if self._transport is None:
            self._transport = GuardedTransport(
                self.guard, max_bytes=self._settings.max_response_bytes, ssl_context=self._ssl_context
            )
        return self._transport


def _build(outgoing: Outgoing) -> httpx2.Request:
    url = _checked(_parse(outgoing.url))
    try:
        if outgoing.query:
            url = url.copy_merge_params({name: _values(value) for name, value in outgoing.query.items()})
        headers = httpx2.Headers(dict(outgoing.headers), encoding="utf-8")
        return httpx2.Request(outgoing.method, url, headers=headers, content=outgoing.content)
    except (UnicodeError, httpx2.InvalidURL) as error:
        raise Refused(f"The request was not sent: {error}") from None


def _values(value: str | Sequence[str]) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


def _parse(url: str) -> httpx2.URL:
    try:
        return httpx2.URL(url.strip())
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise Refused(f"The request was not sent: {url!r} is no valid URL ({error})") from None


def _checked(url: httpx2.URL) -> httpx2.URL:
    if url.scheme not in ("http", "https") or not url.host:
        raise Refused(f"The request was not sent: {str(url)!r} must start with http:// or https:// and name a host")
    if url.userinfo:
        raise Refused("The request was not sent: put the user and password of the URL into an Authorization header")
    return url


def _redirected(request: httpx2.Request, response: httpx2.Response) -> httpx2.Request | None:
    """The request a redirect asks for, or None when the response is none."""
    if response.status_code not in _REDIRECTS or "location" not in response.headers:
        return None
    location = _parse(response.headers["location"])
    # A scheme without a host is no relative address, although joining would make one of it.
    url = _checked(location if location.scheme else request.url.join(location))
    headers = {name: value for name, value in request.headers.items() if name != "host"}
    if _origin(url) != _origin(request.url):
        headers = {name: value for name, value in headers.items() if name in _HARMLESS_HEADERS}
    if not _becomes_get(request.method, response.status_code):
        return httpx2.Request(request.method, url, headers=headers, content=request.content or None)
    headers = {name: value for name, value in headers.items() if not name.startswith("content-")}
    return httpx2.Request("GET", url, headers=headers)


def _becomes_get(method: str, status: int) -> bool:
    """Whether a redirect turns the method into GET, as the Fetch standard has it."""
    return (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST")


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _place(request: httpx2.Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc.decode('ascii', 'replace')}"


def _explained(error: httpx2.TransportError, request: httpx2.Request) -> RequestError:
    place, reason = _place(request), str(error) or type(error).__name__
    if isinstance(error, httpx2.TimeoutException):
        return TimedOut(f"{place} could not be reached in time: {reason}")
    if isinstance(error, httpx2.ConnectError):
        return Unreachable(f"Could not connect to {place}: {reason}")
    if isinstance(error, httpx2.LocalProtocolError | httpx2.UnsupportedProtocol):
        return Refused(f"The request to {place} was not sent: {reason}")
    if isinstance(error, httpx2.RemoteProtocolError):
        return BadAnswer(f"{place} sent no valid HTTP answer: {reason}")
    return Unreachable(f"The connection to {place} broke: {reason}")

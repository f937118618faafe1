"""Connections that pass the guard, for our own client and for the clients of the vendors' libraries."""

from __future__ import annotations

import asyncio
import http.cookiejar
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2

from runwright.integrations.http.bodies import ACCEPT_ENCODING, bounded
from runwright.integrations.http.errors import Refused
from runwright.integrations.http.guard import Guard

_KEEPALIVE_CONNECTIONS = 20
_KEEPALIVE_SECONDS = 5.0


class _GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Opens connections only to addresses the guard has just checked."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._backend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (the base class says so)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._guard.addresses(host, port)
        except TimeoutError:
            raise httpcore2.ConnectTimeout(f"looking {host} up took too long") from None
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._backend.connect_tcp(
                    address, port, timeout=timeout, local_address=local_address, socket_options=socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        assert failure is not None
        raise failure

    async def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> httpcore2.AsyncNetworkStream:
        raise Refused("Requests to local sockets are not sent")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """A transport whose every connection is checked, and whose every body is limited.

    The name in the URL stays what TLS certificates are checked against and what ``Host`` says. Proxies of the
    environment are not used: they would connect on our behalf, past the guard.
    """

    def __init__(self, guard: Guard, *, max_bytes: int, ssl_context: ssl.SSLContext | None = None) -> None:
        """Take the guard and the largest body, in bytes, that an answer may have."""
        context = ssl_context or httpcore2.default_ssl_context()
        super().__init__(verify=context, trust_env=False)
        self._max_bytes = max_bytes
        # The base class has no parameter for the network backend, which is where the guard has to stand.
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=_KEEPALIVE_CONNECTIONS,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            network_backend=_GuardedBackend(guard),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; redirects are answers like any other.

        Raises:
            RequestError: the guard or the limit said no.
            httpx2.TransportError: the network did.
        """
        if request.url.scheme not in ("http", "https"):
            raise Refused(f"The request was not sent: {request.url.scheme}:// is neither http nor https")
        request.headers["accept-encoding"] = ACCEPT_ENCODING
        response = await super().handle_async_request(request)
        try:
            # The answer to a HEAD request announces the length of a body that does not come.
            return response if request.method == "HEAD" else bounded(response, max_bytes=self._max_bytes)
        except BaseException:
            await response.aclose()
            raise


def guarded_httpx_client(
    guard: Guard, *, max_bytes: int, timeout: float, ssl_context: ssl.SSLContext | None = None
) -> httpx2.AsyncClient:
    """A client for libraries that bring their own calls; they cannot get past the guard with it.

    It follows no redirects (they would carry vendors' key headers along) and remembers no cookies.
    """
    no_cookies = http.cookiejar.CookieJar(policy=http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    return httpx2.AsyncClient(
        transport=GuardedTransport(guard, max_bytes=max_bytes, ssl_context=ssl_context),
        timeout=httpx2.Timeout(timeout, connect=min(timeout, 10.0)),
        follow_redirects=False,
        trust_env=False,
        cookies=no_cookies,
    )

"""Times every HTTP request, and writes a line for each at level debug."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from runwright.observability.logs import get_logger
from runwright.observability.metrics import Metrics

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = get_logger(__name__)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMetrics:
    """ASGI middleware, to be put outermost so that errors answered by others are counted too."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Stands when the application sends no answer at all: the server then answers with it.
        status = 500
        started = time.perf_counter()

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            self._record(scope, status=status, seconds=time.perf_counter() - started)

    def _record(self, scope: Scope, *, status: int, seconds: float) -> None:
        # Callers choose path and method: only patterns and known methods become labels, so that labels stay few.
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.http_request(method=method, route=route, status=status, seconds=seconds)
        _log.debug("request", method=method, path=scope["path"], status=status, seconds=round(seconds, 4))

"""The short way to the two frozen calls: straight from the server, past the routing of the rest.

They are most of the traffic, parse their own input and render their own errors; the general way costs them more than
their work does. The routes stay registered as well, for the OpenAPI document and for the answer to other methods.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from runwright.errors import ProductError, storage_unavailable
from runwright.public_api.endpoints import STATUS_PATH, TRIGGER_PATH, get_execution, trigger_workflow
from runwright.public_api.envelope import render_error

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Call:
    """One frozen call: its method, its address, and the pattern that metrics know it by."""

    method: str
    address: re.Pattern[str]
    path: str
    endpoint: Callable[[Request], Awaitable[Response]]


TRIGGER = Call(
    method="POST",
    address=re.compile(r"/api/workflows/(?P<templateId>[^/]+)/trigger"),
    path=TRIGGER_PATH,
    endpoint=trigger_workflow,
)
STATUS = Call(
    method="GET",
    address=re.compile(r"/api/executions/(?P<executionId>[^/]+)"),
    path=STATUS_PATH,
    endpoint=get_execution,
)


class PublicFront:
    """ASGI middleware: answers the frozen calls itself and passes everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for call in (TRIGGER, STATUS):
                if scope["method"] == call.method and (found := call.address.fullmatch(scope["path"])):
                    scope["path_params"] = found.groupdict()
                    scope["route"] = call
                    response = await _answer(call, Request(scope, receive))
                    await response(scope, receive, send)
                    return
        await self._app(scope, receive, send)


async def _answer(call: Call, request: Request) -> Response:
    try:
        return await call.endpoint(request)
    except ProductError as error:
        return _refuse(call, request, error)
    except (OperationalError, InterfaceError) as error:
        log.error("storage.unavailable", path=call.path, error=str(error))
        return _refuse(call, request, storage_unavailable())


def _refuse(call: Call, request: Request, error: ProductError) -> Response:
    if call is TRIGGER:
        request.app.state.metrics.trigger_refused("api", reason=error.message)
    return render_error(error)

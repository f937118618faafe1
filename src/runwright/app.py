"""The application: every router, every error's form, and what lives as long as the server does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import sqlalchemy as sa
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from runwright import __version__
from runwright.accounts.door import Door
from runwright.config import Settings
from runwright.db.database import open_database
from runwright.errors import ProductError, storage_unavailable
from runwright.executions.listener import Listener
from runwright.executions.signals import Signals
from runwright.integrations.storage.opening import incoming_folder
from runwright.kit.background import Background
from runwright.kit.clock import now_ms
from runwright.kit.json import dumps
from runwright.observability.checks import database_problem, read_live_counts
from runwright.observability.endpoints import Check, health_router, metrics_router
from runwright.observability.http import RequestMetrics
from runwright.observability.metrics import Metrics
from runwright.public_api.envelope import render_error
from runwright.public_api.front import PublicFront

log = structlog.get_logger()

MANAGEMENT = "/api/v1"


def create_app(settings: Settings, *, work: bool = True) -> FastAPI:
    """The server on a database that is migrated already; ``work=False`` serves only, workers elsewhere drive."""
    app = FastAPI(
        title="Runwright",
        version=__version__,
        description="Trigger AI workflows and follow them; manage everything the web app can.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=partial(_lifespan, work=work),
        # The frozen calls answer a slash too many as any unknown address, not with a redirect.
        redirect_slashes=False,
    )
    _add_state(app, settings)
    _add_routers(app)
    _add_observability(app, work=work)
    _add_web_app(app)
    _add_error_handlers(app)
    app.add_middleware(PublicFront)
    app.add_middleware(RequestMetrics, metrics=app.state.metrics)
    return app


def _add_state(app: FastAPI, settings: Settings) -> None:
    """What requests find by ``request.app.state``; the engine comes with the start, where there is one."""
    from runwright.services import Stored, make_services

    state = app.state
    state.settings = settings
    state.database = open_database(settings)
    state.signals = Signals()
    state.background = Background()
    state.metrics = Metrics()
    state.door = Door(state.database, settings, state.background)
    state.services = make_services(settings, Stored(state.database, settings))
    state.engine = None


def _add_routers(app: FastAPI) -> None:
    from runwright.accounts.endpoints import router as accounts
    from runwright.api_docs.endpoints import router as api_docs
    from runwright.artifacts.endpoints import router as artifacts
    from runwright.connections.endpoints import router as connections
    from runwright.executions.block_endpoints import router as blocks
    from runwright.executions.callback_endpoints import router as callbacks
    from runwright.executions.endpoints import router as executions
    from runwright.mcp_servers.endpoints import router as mcp_servers
    from runwright.public_api.endpoints import router as public_api
    from runwright.reviews.endpoints import router as reviews
    from runwright.workflows.endpoints import router as workflows

    app.include_router(public_api)
    app.include_router(accounts)
    app.include_router(artifacts)
    app.include_router(connections)
    app.include_router(executions)
    app.include_router(blocks)
    app.include_router(callbacks)
    app.include_router(mcp_servers)
    app.include_router(reviews)
    app.include_router(workflows)
    app.include_router(api_docs)


def _add_observability(app: FastAPI, *, work: bool) -> None:
    state = app.state

    async def engine_problem() -> str | None:
        running = state.engine is not None and state.engine.running
        return None if running or not work else "the engine does not run"

    async def stop_problem() -> str | None:
        return "the server is stopping" if state.signals.closed else None

    checks: dict[str, Check] = {
        "database": partial(database_problem, state.database),
        "engine": engine_problem,
        "server": stop_problem,
    }
    live = partial(read_live_counts, state.database, settings=state.settings.engine)
    app.include_router(health_router(checks))
    app.include_router(metrics_router(state.metrics, live=live, settings=state.settings.metrics))


def _add_web_app(app: FastAPI) -> None:
    from runwright.web.route import WebAppRoute

    # The last route: it takes the addresses that no other does.
    app.router.routes.append(WebAppRoute())


@asynccontextmanager
async def _lifespan(app: FastAPI, *, work: bool) -> AsyncIterator[None]:
    from runwright.artifacts.sweeper import Sweeper
    from runwright.engine.runtime import EngineRuntime

    state = app.state
    sweeper = Sweeper(state.database, state.services.blobs, incoming=incoming_folder(state.settings))
    listener = Listener(state.database, state.signals) if state.database.dialect == "postgresql" else None
    if listener is not None:
        listener.start()
    if work:
        state.engine = EngineRuntime(
            state.settings,
            database=state.database,
            services=state.services,
            signals=state.signals,
            metrics=state.metrics,
        )
        await state.engine.start()
        sweeper.start()
    try:
        yield
    finally:
        await sweeper.stop()
        if state.engine is not None:
            await state.engine.stop()
        if listener is not None:
            await listener.stop()
        await state.services.aclose()
        await state.background.finish()
        await state.database.close()


def _add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(ProductError, _product_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(sa.exc.OperationalError, _storage_error)
    app.add_exception_handler(sa.exc.InterfaceError, _storage_error)
    app.add_exception_handler(Exception, _unforeseen_error)


def _render(request: Request, error: ProductError) -> Response:
    """The public envelope, or under ``/api/v1`` a problem as RFC 9457 describes it."""
    if not request.url.path.startswith(MANAGEMENT):
        return render_error(error)
    body = {"type": "about:blank", "title": error.code, "status": error.status, "detail": error.message}
    if error.details is not None:
        body = {**error.details, **body}
    headers = {"Retry-After": str(body["retry_after"])} if "retry_after" in body else None
    return Response(dumps(body), status_code=error.status, media_type="application/problem+json", headers=headers)


async def _product_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProductError)
    return _render(request, error)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    failure = ProductError(str(error.detail))
    failure.status = error.status_code
    failure.code = str(error.detail).lower().replace(" ", "_")
    response = _render(request, failure)
    response.headers.update(error.headers or {})
    return response


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [
        {"place": ".".join(str(part) for part in entry["loc"]), "message": entry["msg"]} for entry in error.errors()
    ]
    failure = ProductError("; ".join(f"{problem['place']}: {problem['message']}" for problem in problems))
    failure.status, failure.code = 422, "invalid"
    failure.details = {"problems": problems}
    return _render(request, failure)


async def _storage_error(request: Request, error: Exception) -> Response:
    log.error("storage.unavailable", path=request.url.path, error=str(error))
    return _render(request, storage_unavailable())


async def _unforeseen_error(request: Request, error: Exception) -> Response:
    log.error("request.broke", path=request.url.path, at=now_ms(), exc_info=error)
    failure = ProductError("Internal server error")
    return _render(request, failure)

"""What machines ask the server about itself: ``/healthz``, ``/readyz`` and ``/metrics``. No key is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from runwright.config import MetricsSettings
from runwright.kit import crypto
from runwright.observability.logs import get_logger
from runwright.observability.metrics import LiveCounts, Metrics

_log = get_logger(__name__)
_EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"

Check = Callable[[], Awaitable[str | None]]
"""Looks at one thing the server needs: None when all is well, else a sentence for the operator."""

CHECK_SECONDS = 5.0

Live = Callable[[], Awaitable[LiveCounts]]
"""Reads the live counts; may raise the database's errors."""


def health_router(checks: Mapping[str, Check]) -> APIRouter:
    """``/healthz``: the process answers. ``/readyz``: it can do its work; 503 with the failed checks if not."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        answers = await asyncio.gather(*(_answer(check) for check in checks.values()))
        problems = {name: problem for name, problem in zip(checks, answers, strict=True) if problem}
        if problems:
            return JSONResponse({"status": "unavailable", "problems": problems}, status_code=503)
        return JSONResponse({"status": "ok"})

    return router


def metrics_router(metrics: Metrics, *, live: Live, settings: MetricsSettings) -> APIRouter:
    """``/metrics`` for Prometheus; without routes when the settings switch it off."""
    router = APIRouter(include_in_schema=False)
    if not settings.enabled:
        return router

    @router.get("/metrics")
    async def scrape(request: Request) -> Response:
        if not _may_scrape(request, settings):
            return Response("Send the metrics token: Authorization: Bearer …\n", status_code=401)
        return Response(metrics.render(await _or_none(live)), media_type=_EXPOSITION)

    return router


async def _or_none(live: Live) -> LiveCounts | None:
    try:
        return await live()
    except SQLAlchemyError:
        _log.warning("metrics without live counts: the database does not answer", exc_info=True)
        return None


async def _answer(check: Check) -> str | None:
    try:
        return await asyncio.wait_for(check(), timeout=CHECK_SECONDS)
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS:g} seconds"
    except Exception:
        _log.exception("readiness check failed")
        return "the check itself failed, see the log"


def _may_scrape(request: Request, settings: MetricsSettings) -> bool:
    if settings.token is None:
        return True
    expected = f"Bearer {settings.token.get_secret_value()}"
    return crypto.same(request.headers.get("authorization", ""), expected)

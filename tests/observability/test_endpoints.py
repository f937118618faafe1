"""Health, readiness and metrics as a probe or a scraper meets them."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from runwright.config import MetricsSettings
from runwright.observability import endpoints
from runwright.observability.http import RequestMetrics
from runwright.observability.metrics import LiveCounts, Metrics


async def fine() -> str | None:
    return None


async def away() -> str | None:
    return "the database does not answer"


async def broken() -> str | None:
    raise RuntimeError("secret inside")


async def silent() -> str | None:
    await asyncio.sleep(3600)
    return None


async def live() -> LiveCounts:
    return LiveCounts(by_status={"running": 3}, due=2, oldest_due_seconds=1.5, workers=1, open_reviews=4)


async def unreadable() -> LiveCounts:
    raise sa.exc.OperationalError("SELECT", None, Exception("gone"))


def health(**checks: endpoints.Check) -> TestClient:
    app = FastAPI()
    app.include_router(endpoints.health_router(checks))
    return TestClient(app)


def scraped(settings: MetricsSettings, *, counts: endpoints.Live = live) -> TestClient:
    app = FastAPI()
    app.include_router(endpoints.metrics_router(Metrics(), live=counts, settings=settings))
    return TestClient(app)


def test_healthz_asks_nothing_but_the_process() -> None:
    answer = health(database=broken).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readyz_when_all_is_well() -> None:
    answer = health(database=fine, engine=fine).get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readyz_names_each_problem_and_hides_the_inside() -> None:
    answer = health(database=away, engine=broken, disk=fine).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == {
        "database": "the database does not answer",
        "engine": "the check itself failed, see the log",
    }


def test_readyz_does_not_hang_with_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "CHECK_SECONDS", 0.01)
    answer = health(database=silent).get("/readyz")
    assert answer.json()["problems"] == {"database": "no answer within 0.01 seconds"}


def test_metrics_show_the_live_rows() -> None:
    text = scraped(MetricsSettings()).get("/metrics").text
    assert 'runwright_executions_live{status="running"} 3.0' in text
    assert 'runwright_executions_live{status="pending"} 0.0' in text
    assert "runwright_queue_due 2.0" in text
    assert "runwright_queue_oldest_seconds 1.5" in text
    assert "runwright_workers 1.0" in text
    assert "runwright_reviews_open 4.0" in text
    assert "runwright_database_up 1.0" in text


def test_metrics_of_the_process_are_answered_while_the_database_is_away() -> None:
    answer = scraped(MetricsSettings(), counts=unreadable).get("/metrics")
    assert answer.status_code == 200
    assert "runwright_database_up 0.0" in answer.text
    assert "runwright_queue_due NaN" in answer.text


def test_metrics_can_be_switched_off() -> None:
    assert scraped(MetricsSettings(enabled=False)).get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("header", "status"), [(None, 401), ("Bearer other", 401), ("Bearer s3cret", 200), ("Bearer é", 401)]
)
def test_metrics_can_ask_for_a_token(header: str | None, status: int) -> None:
    client = scraped(MetricsSettings.model_validate({"token": "s3cret"}))
    headers = {"authorization": header.encode()} if header else {}
    assert client.get("/metrics", headers=headers).status_code == status


def test_counters_and_durations_are_kept() -> None:
    metrics = Metrics()
    metrics.trigger_accepted("api")
    metrics.trigger_refused("api", reason="Invalid API key")
    metrics.execution_finished("completed", seconds=0.2)
    metrics.block_finished("agent", status="completed", seconds=2.0)
    text = metrics.render(LiveCounts()).decode()
    assert 'runwright_triggers_total{outcome="accepted",type="api"} 1.0' in text
    assert 'runwright_triggers_total{outcome="Invalid API key",type="api"} 1.0' in text
    assert 'runwright_executions_finished_total{status="completed"} 1.0' in text
    assert 'runwright_block_seconds_count{status="completed",type="agent"} 1.0' in text


def test_two_applications_in_one_process_do_not_share_metrics() -> None:
    first, second = Metrics(), Metrics()
    first.trigger_accepted("api")
    assert b'outcome="accepted"' not in second.render(LiveCounts())


def test_requests_are_timed_by_route_never_by_path() -> None:
    metrics = Metrics()
    app = FastAPI()

    @app.get("/things/{thing_id}")
    async def thing(thing_id: str) -> str:
        return thing_id

    @app.get("/broken")
    async def fails() -> None:
        raise RuntimeError

    app.add_middleware(RequestMetrics, metrics=metrics)
    client = TestClient(app, raise_server_exceptions=False)
    client.get("/things/1")
    client.get("/things/2")
    client.get("/nowhere/3")
    client.request("MADEUP", "/things/1")
    client.get("/broken")
    text = metrics.render(LiveCounts()).decode()
    assert 'runwright_http_request_seconds_count{method="GET",route="/things/{thing_id}",status="200"} 2.0' in text
    assert 'runwright_http_request_seconds_count{method="GET",route="other",status="404"} 1.0' in text
    assert 'method="other"' in text
    assert 'runwright_http_request_seconds_count{method="GET",route="/broken",status="500"} 1.0' in text
    assert "nowhere" not in text

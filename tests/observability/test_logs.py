"""What log lines say, and what they never say."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from runwright.config import LogSettings
from runwright.kit.crypto import new_secret
from runwright.observability import logs

SECRET = "rw_" + "aB3-" * 10 + "xyz"
"""Of the form that ``new_secret`` gives, but the same in every run: it is part of a test's name."""


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def capture(*, level: str = "info", form: str = "json") -> io.StringIO:
    stream = io.StringIO()
    logs.configure(LogSettings(level=level, format=form), stream=stream)
    return stream


def test_a_line_is_one_json_object_with_time_level_and_logger() -> None:
    stream = capture()
    logs.get_logger("runwright.test").info("worker started", worker_id="w1")
    (line,) = lines(stream)
    assert line["event"] == "worker started"
    assert line["worker_id"] == "w1"
    assert line["level"] == "info"
    assert line["logger"] == "runwright.test"
    assert str(line["timestamp"]).endswith("Z")


def test_the_execution_id_is_on_every_line_inside_also_of_tasks_and_of_libraries() -> None:
    stream = capture()

    async def work() -> None:
        logs.get_logger("runwright.engine").info("block started")
        logging.getLogger("some.library").warning("said by a library")

    async def main() -> None:
        with logs.bound(execution_id="e1", block="b1"):
            await asyncio.create_task(work())
        logs.get_logger("runwright.engine").info("outside")

    asyncio.run(main())
    inside, library, outside = lines(stream)
    assert (inside["execution_id"], inside["block"]) == ("e1", "b1")
    assert library["execution_id"] == "e1"
    assert "execution_id" not in outside


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "hunter2"),
        ("x-api-key", "anything"),
        ("openai_api_key", "anything"),
        ("Authorization", "Basic abc"),
        ("set-cookie", "session=1"),
        ("detail", f"key {SECRET} was used"),
        ("detail", "sent Bearer abc.def-123"),
        ("detail", "OpenAI said: sk-proj-abcdefghijklmnopqrstuvwxyz is wrong"),
        ("url", "postgresql://user:hunter2@db/runwright"),
        ("headers", {"X-Api-Key": "anything"}),
        ("args", ["ok", {"token": "anything"}]),
    ],
)
def test_secrets_never_reach_the_log(name: str, value: object) -> None:
    stream = capture()
    logs.get_logger("runwright.test").info("said", **{name: value})
    text = stream.getvalue()
    assert "[redacted]" in text
    for secret in ("hunter2", "anything", "abc.def-123", "sk-proj", "session=1", "Basic abc", SECRET):
        assert secret not in text


@pytest.mark.parametrize("form", ["json", "text"])
def test_secrets_in_the_words_and_tracebacks_are_taken_out_too(form: str) -> None:
    stream = capture(form=form)
    secret = new_secret("rw_")
    in_a_variable = "k" * 40
    try:
        assert in_a_variable
        raise RuntimeError(f"refused {secret}")
    except RuntimeError:
        logs.get_logger("runwright.test").exception("with %s", secret)
        logging.getLogger("some.library").exception("with %s", secret)
    assert secret not in stream.getvalue()
    assert in_a_variable not in stream.getvalue()
    assert stream.getvalue().count("RuntimeError") >= 2


def test_what_is_no_secret_stays() -> None:
    stream = capture()
    logs.get_logger("runwright.test").info("said", api_key_id="ak_012345678901", input_tokens=12, execution_id="e1")
    (line,) = lines(stream)
    assert (line["api_key_id"], line["input_tokens"], line["execution_id"]) == ("ak_012345678901", 12, "e1")


def test_text_form_is_for_people() -> None:
    stream = capture(form="text")
    logs.get_logger("runwright.test").info("worker started", worker_id="w1")
    assert "worker started" in stream.getvalue()
    assert "worker_id=w1" in stream.getvalue()


def test_libraries_chatter_only_when_debugging() -> None:
    stream = capture()
    logging.getLogger("httpx").info("HTTP Request: GET …")
    assert stream.getvalue() == ""
    stream = capture(level="debug")
    logging.getLogger("httpx").info("HTTP Request: GET …")
    assert "HTTP Request" in stream.getvalue()

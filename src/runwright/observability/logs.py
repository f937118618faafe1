"""Logging: one event a line, as JSON or as text, with the execution it belongs to and without secrets.

The product and the libraries both log through the root of the standard ``logging``; structlog renders it all.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from runwright.kit.secrets import SECRET_NAMES, SECRET_TEXTS

if TYPE_CHECKING:
    from runwright.config import LogSettings

_REDACTED = "[redacted]"
# Their ordinary lines tell the operator nothing that ours do not.
_QUIET = ("httpx", "httpcore", "alembic", "dbos", "uvicorn", "asyncio", "openai", "anthropic")


def configure(settings: LogSettings, *, stream: TextIO | None = None) -> None:
    """Send every log line of this process to ``stream`` (standard error when None), as the settings say."""
    target = stream if stream is not None else sys.stderr
    handler = logging.StreamHandler(target)
    handler.setFormatter(_formatter(as_json=_wants_json(settings.format, target), colors=target.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    _route_libraries(level=root.level)
    structlog.configure(
        processors=[*_shared_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        cache_logger_on_first_use=True,
    )


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """The logger of a module: ``get_logger(__name__).info("worker started", worker_id=…)``."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(name)
    return logger


def bound(**names: str) -> AbstractContextManager[None]:
    """Put names such as ``execution_id`` on every line logged inside, also by tasks started inside."""
    return structlog.contextvars.bound_contextvars(**names)


def bound_name(name: str) -> str:
    """What :func:`bound` has put there under a name; empty when nothing."""
    return str(structlog.contextvars.get_contextvars().get(name, ""))


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take out what looks like a secret, by its name or by its form, at any depth."""
    return {name: _redact_value(name, value) for name, value in event.items()}


def _redact_value(name: object, value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(name, str) and SECRET_NAMES.search(name):
        return _REDACTED
    if isinstance(value, str):
        return SECRET_TEXTS.sub(_REDACTED, value)
    if isinstance(value, Mapping):
        return {key: _redact_value(key, inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redact_value(None, inner) for inner in value]
    return value


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter(*, as_json: bool, colors: bool) -> structlog.stdlib.ProcessorFormatter:
    # The renderer's own tracebacks would show every local variable, take seconds, and come after the secrets went.
    lines = structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)
    as_text: Processor = structlog.processors.JSONRenderer() if as_json else lines
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared_processors(), structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            as_text,
        ],
    )


def _wants_json(chosen: str, target: TextIO) -> bool:
    return chosen == "json" or (chosen == "auto" and not target.isatty())


def _route_libraries(*, level: int) -> None:
    for name in ("uvicorn", "uvicorn.error", "dbos"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING) if level > logging.DEBUG else level)

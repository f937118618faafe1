"""``wait``: goes on after some seconds, or at a moment."""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    BlockError,
    BlockResult,
    Completed,
    Marker,
    Parked,
    wrong,
)
from runwright.kit.clock import Millis, iso, now_ms, parse_iso

MAX_SECONDS = 10 * 366 * 24 * 3600
"""Ten years: longer is surely a mistake."""


def _seconds(value: Any) -> float:
    """Read a number of seconds.

    Raises:
        ValueError: it is none, negative, or longer than ten years.
    """
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")
    seconds = float(value)
    if not math.isfinite(seconds) or not 0 <= seconds <= MAX_SECONDS:
        raise ValueError("out of range")
    return seconds


def _is_template(value: Any) -> bool:
    return isinstance(value, str) and "{{" in value


def _check_seconds(value: Any) -> Any:
    if value is None or _is_template(value):
        return value
    try:
        _seconds(value)
    except (TypeError, ValueError):
        raise wrong(f"seconds must be a number from 0 to {MAX_SECONDS}, or a {{{{ name }}}} that gives one") from None
    return value


def _check_until(value: Any) -> Any:
    if isinstance(value, date):
        # YAML reads an unquoted moment as a date object.
        value = value.isoformat()
    if value is None or _is_template(value):
        return value
    try:
        parse_iso(value)
    except (TypeError, ValueError):
        raise wrong("until must be a moment such as 2026-03-16T09:00:00Z, or a {{ name }} that gives one") from None
    return value


class WaitConfig(BlockConfig):
    """Fields of a ``wait`` block: exactly one of the two."""

    seconds: Annotated[float | str | None, BeforeValidator(_check_seconds), Marker.TEMPLATE] = None
    """How long to wait, in seconds."""
    until: Annotated[str | None, BeforeValidator(_check_until), Marker.TEMPLATE] = None
    """The moment to wait for, in ISO 8601; without an offset it is UTC."""

    @model_validator(mode="after")
    def _one_of_them(self) -> WaitConfig:
        if (self.seconds is None) == (self.until is None):
            raise wrong("a wait block needs either seconds or until, not both")
        return self


class WaitBlock(Block[WaitConfig]):
    """Waits without holding anything; the output is the moment it went on, in ISO 8601."""

    type = "wait"
    title = "Wait"
    description = "Pauses for some seconds, or until a moment."
    icon = "clock-pause"
    config_model = WaitConfig
    inline = True

    def run(self, config: WaitConfig, context: BlockContext) -> BlockResult:
        """Work out the moment; one that has passed already completes the block on the spot.

        Raises:
            BlockError: the template gave no number of seconds, or no moment.
        """
        now = now_ms()
        until = _moment(config, context, now=now)
        return Parked(until=until) if until > now else Completed(output=iso(now) or "")


def _moment(config: WaitConfig, context: BlockContext, *, now: Millis) -> Millis:
    if config.until is not None:
        return _read_until(context.render(config.until))
    seconds = context.render(config.seconds) if isinstance(config.seconds, str) else config.seconds
    try:
        return now + int(_seconds(seconds) * 1000)
    except ValueError:
        raise BlockError(
            f"seconds came out as {seconds!r}; it must be a number from 0 to {MAX_SECONDS}", retryable=False
        ) from None


def _read_until(text: str) -> Millis:
    try:
        return parse_iso(text.strip())
    except (ValueError, OverflowError):
        raise BlockError(
            f"until came out as {text!r}; it must be a moment such as 2026-03-16T09:00:00Z", retryable=False
        ) from None

"""``wait``: goes on after some seconds, at a moment, or when an outside system calls back."""

from __future__ import annotations

import math
from collections.abc import Awaitable
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
    """Fields of a ``wait`` block: ``seconds`` or ``until``, and with ``callback`` how long it waits at most."""

    seconds: Annotated[float | str | None, BeforeValidator(_check_seconds), Marker.TEMPLATE] = None
    """How long to wait, in seconds."""
    until: Annotated[str | None, BeforeValidator(_check_until), Marker.TEMPLATE] = None
    """The moment to wait for, in ISO 8601; without an offset it is UTC."""

    callback: bool = False
    """Wait until something is posted to the address ``{{ blocks.KEY.callback }}``. What is posted is the output."""

    @model_validator(mode="after")
    def _one_of_them(self) -> WaitConfig:
        if self.seconds is not None and self.until is not None:
            raise wrong("a wait block has either seconds or until, not both")
        if self.seconds is None and self.until is None and not self.callback:
            raise wrong("a wait block needs seconds, until, or callback: true")
        return self

    def takes_callbacks(self) -> bool:
        return self.callback


class WaitBlock(Block[WaitConfig]):
    """Waits without holding anything; the output is the moment it went on, in ISO 8601, or what a callback sent."""

    type = "wait"
    title = "Wait"
    description = "Pauses for some seconds, until a moment, or for a callback."
    icon = "clock-pause"
    config_model = WaitConfig
    parks = True

    def is_inline(self, config: WaitConfig) -> bool:
        """A callback is looked for in the database; the clock needs nothing."""
        return not config.callback

    def run(self, config: WaitConfig, context: BlockContext) -> BlockResult | Awaitable[BlockResult]:
        """Work out the moment; one that has passed already completes the block on the spot.

        Raises:
            BlockError: the template gave no number of seconds, or no moment; or nobody called back in time.
        """
        if config.callback:
            return self._called_back(config, context)
        now = now_ms()
        until = _moment(config, context)
        return Parked(until=until) if until > now else Completed(output=iso(now) or "")

    async def _called_back(self, config: WaitConfig, context: BlockContext) -> BlockResult:
        received = await context.callback.received()
        if received is not None:
            return Completed(output=received)
        until = _latest(config, context)
        if until is None or now_ms() < until:
            return Parked(until=until)
        raise BlockError(f"Nobody called back until {iso(until)}.", retryable=False)


def _latest(config: WaitConfig, context: BlockContext) -> Millis | None:
    if config.until is not None or config.seconds is not None:
        return _moment(config, context)
    return None if context.timeout is None else context.started_at + int(context.timeout * 1000)


def _moment(config: WaitConfig, context: BlockContext) -> Millis:
    if config.until is not None:
        return _read_until(context.render(config.until))
    seconds = context.render(config.seconds) if isinstance(config.seconds, str) else config.seconds
    try:
        return context.started_at + int(_seconds(seconds) * 1000)
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

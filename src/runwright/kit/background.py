"""Small tasks that nobody waits for, kept from being forgotten half-way."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any


class Background:
    """Holds tasks until they end. Their errors are dropped: only what may be missed belongs here."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine on its own."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    async def finish(self, within: float = 5.0) -> None:
        """Wait for what runs still, at most the given seconds."""
        if self._tasks:
            with suppress(TimeoutError):
                await asyncio.wait(set(self._tasks), timeout=within)

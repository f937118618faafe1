"""A model's text on its way to those who watch, a few times a second and not for every token."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from runwright.blocks.base import BlockContext

INTERVAL_S = 0.08
"""How long text is gathered before it is sent on."""


@dataclass
class TextStream:
    """Sends the text of one answer as ``text`` events.

    Each says at which character of the answer it begins, so that a watcher who has heard the beginning of an answer
    that was cut off and is asked for anew can begin anew as well.
    """

    context: BlockContext
    request: int
    _pieces: list[str] = field(default_factory=list)
    _sent: int = 0
    _timer: asyncio.TimerHandle | None = None

    def add(self, text: str) -> None:
        """Take some more; the first is sent at once."""
        if not text:
            return
        self._pieces.append(text)
        if self._timer is None:
            self._send()

    def close(self) -> None:
        """Send what is left."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._flush()

    def _send(self) -> None:
        self._timer = None
        if self._pieces:
            self._flush()
            self._timer = asyncio.get_running_loop().call_later(INTERVAL_S, self._send)

    def _flush(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if text:
            self.context.emit("text", {"request": self.request, "offset": self._sent, "delta": text})
            self._sent += len(text)

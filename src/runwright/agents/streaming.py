"""A model's text on its way to those who watch, a few times a second and not for every token."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from runwright.blocks.base import BlockContext

INTERVAL_S = 0.08
"""How long text is gathered before it is sent on."""
REPEAT_S = 2.0
"""How often all of an answer so far is sent again, for those who began to watch in the middle of it."""


@dataclass
class TextStream:
    """Sends the text of one answer as ``text`` events.

    Each says at which character of the answer it begins, so that a watcher who has heard the beginning of an answer
    that was cut off and is asked for anew can begin anew as well.
    """

    context: BlockContext
    request: int
    _pieces: list[str] = field(default_factory=list)
    _sent: str = ""
    _timer: asyncio.TimerHandle | None = None
    _repetition: asyncio.TimerHandle | None = None

    def add(self, text: str) -> None:
        """Take some more; the first is sent at once."""
        if not text:
            return
        self._pieces.append(text)
        if self._timer is None:
            self._send()
        if self._repetition is None:
            self._repetition = asyncio.get_running_loop().call_later(REPEAT_S, self._repeat)

    def close(self) -> None:
        """Send what is left."""
        for timer in (self._timer, self._repetition):
            if timer is not None:
                timer.cancel()
        self._timer = self._repetition = None
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
            self._emit(text, offset=len(self._sent))
            self._sent += text

    def _repeat(self) -> None:
        self._repetition = asyncio.get_running_loop().call_later(REPEAT_S, self._repeat)
        self._emit(self._sent, offset=0)

    def _emit(self, text: str, *, offset: int) -> None:
        self.context.emit("text", {"request": self.request, "offset": offset, "delta": text})

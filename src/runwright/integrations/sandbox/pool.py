"""The processes that run users' Python: started at first use, watched, and replaced when one dies."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runwright.config import CodeSettings
from runwright.integrations.sandbox.results import as_text
from runwright.kit.json import Json
from runwright.kit.text import shortened, storable

if TYPE_CHECKING:
    from pydantic_monty import AsyncMonty, MontyError

_MAX_RECURSION = 500
_RUNS_PER_PROCESS = 500
_QUOTED = 500
_PRINTED_CHARACTERS = 100_000

OnPrint = Callable[[str], None]
"""Told of printed text as it comes, in the event loop's thread; it must not fail or wait."""


class SandboxError(Exception):
    """The code gave no result; the text is a sentence for people.

    ``retryable``: the fault was not the code's. ``printed``: what it printed until then.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.printed = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code to run, with the values of its variables. ``seconds`` bounds its own running time, within the setting."""

    code: str
    inputs: Mapping[str, Json] = field(default_factory=dict)
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of it: the value as text, and what was printed, cut at the limit."""

    output: str
    printed: str


class _Printed:
    """Passes printed text on, up to a limit: printing without end costs the code its time and the server nothing."""

    def __init__(self, on_print: OnPrint | None) -> None:
        self._on_print = on_print
        self._pieces: list[str] = []
        self._left = _PRINTED_CHARACTERS

    def __call__(self, stream: str, text: str) -> None:
        if self._left <= 0:
            return
        piece = storable(text[: self._left])
        self._left -= len(piece)
        if self._left <= 0:
            piece += "\n… the rest of what was printed is left out\n"
        self._pieces.append(piece)
        if self._on_print is not None:
            self._on_print(piece)

    @property
    def text(self) -> str:
        """All that was passed on."""
        return "".join(self._pieces)


class Sandbox:
    """Runs snippets of Python, each in a session of its own that sees nothing of the others.

    The Python is Monty: an interpreter in Rust without files, network, environment and processes. Each of its worker
    processes bounds the memory and time of what it runs; one that does not keep to them is killed and replaced.
    """

    def __init__(self, settings: CodeSettings) -> None:
        """Take the limits; no process is started before the first snippet."""
        self._settings = settings
        self._pool: AsyncMonty | None = None
        self._opening = asyncio.Lock()

    async def run(self, snippet: Snippet, *, on_print: OnPrint | None = None) -> Ran:
        """Run a snippet; when the caller is cancelled its process is killed.

        Raises:
            SandboxError: the code failed, or went past a limit.
        """
        # The library is loaded here, by those who run code, and not at the start of every command.
        from pydantic_monty import MontyError

        seconds = min(snippet.seconds or self._settings.seconds, self._settings.seconds)
        pool, printed = await self._open(), _Printed(on_print)
        session = pool.checkout(limits=self._limits(seconds), os_policy={"sleep": "zero"})
        try:
            async with session:
                value = await session.feed_run(snippet.code, inputs=dict(snippet.inputs), print_callback=printed)
            return Ran(output=self._text(value), printed=printed.text)
        except MontyError as error:
            explained = self._explained(error, seconds=seconds)
            explained.printed = printed.text
            raise explained from error

    async def aclose(self) -> None:
        """End the processes."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.__aexit__(None, None, None)

    async def _open(self) -> AsyncMonty:
        from pydantic_monty import AsyncMonty

        async with self._opening:
            if self._pool is None:
                pool = AsyncMonty(
                    min_processes=1,
                    max_processes=self._settings.processes or os.cpu_count() or 1,
                    max_checkouts_per_worker=_RUNS_PER_PROCESS,
                )
                try:
                    self._pool = await pool.__aenter__()
                except (OSError, RuntimeError) as error:
                    raise SandboxError(f"The process that runs code could not be started: {error}") from error
            return self._pool

    def _limits(self, seconds: float) -> Any:
        return {
            "max_feed_duration_secs": seconds,
            "max_memory": self._settings.memory_bytes,
            "max_recursion_depth": _MAX_RECURSION,
        }

    def _text(self, value: object) -> str:
        try:
            text = as_text(value)
        except (TypeError, ValueError, RecursionError) as error:
            said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
            raise SandboxError(f"The value that the code returned cannot be the block's output: {said}") from error
        if len(text.encode()) > self._settings.output_bytes:
            raise SandboxError(
                f"The value that the code returned is larger than {self._settings.output_bytes} bytes; return less of "
                "it, or ask an operator to raise RUNWRIGHT_CODE__OUTPUT_BYTES"
            )
        return text

    def _explained(self, error: MontyError, *, seconds: float) -> SandboxError:
        from pydantic_monty import MontyCrashedError, MontyRuntimeError, MontySyntaxError

        if isinstance(error, MontyCrashedError):
            if error.timed_out:
                return SandboxError(_too_slow(seconds))
            return SandboxError("The process that ran the code ended unexpectedly; it was replaced", retryable=True)
        if not isinstance(error, MontyRuntimeError | MontySyntaxError):
            return SandboxError(f"The code could not be run: {shortened(str(error), _QUOTED)}")
        cause = error.exception()
        if isinstance(cause, TimeoutError) and "time limit exceeded" in str(cause):
            return SandboxError(_too_slow(seconds))
        if isinstance(cause, MemoryError):
            return SandboxError(
                f"The code wanted more memory than the {self._settings.memory_bytes} bytes it may use; work on less at "
                "a time, or ask an operator to raise RUNWRIGHT_CODE__MEMORY_BYTES"
            )
        frames = error.traceback()
        place = f"line {frames[-1].line}: " if frames else ""
        return SandboxError(f"The code failed: {place}{shortened(error.display('type-msg'), _QUOTED)}")


def _too_slow(seconds: float) -> str:
    return (
        f"The code ran longer than the {seconds:g} seconds it may take; do less in it, or ask an operator to raise "
        "RUNWRIGHT_CODE__SECONDS"
    )

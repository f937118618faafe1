"""Running the application until the process is told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
import uvloop

from runwright.cli import common

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_ANSWER_SECONDS = 5
"""How long requests that are under way may take to be answered once the server stops."""


def serve(app: FastAPI, listening: socket.socket, *, started: Callable[[], None]) -> None:
    """Serve on a bound socket; returns after a graceful stop. ``started`` is called when requests are answered."""
    _Server(server_config(app), app=app, started=started).run(sockets=[listening])


def server_config(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn serves an application here."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        # Requests are logged and measured by our own middleware.
        access_log=False,
        log_config=None,
        server_header=False,
        # Callers poll every few seconds: let them keep their connection meanwhile.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_ANSWER_SECONDS,
    )


def work(app: FastAPI, *, started: Callable[[], None]) -> None:
    """Do all that the application does but listen; returns after a graceful stop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(app, started=started))


async def _work(app: FastAPI, *, started: Callable[[], None]) -> None:
    asked = asyncio.Event()
    with _first_signal(asked.set):
        async with app.router.lifespan_context(app):
            _keep_out_of_collections()
            started()
            await asked.wait()


class _Server(uvicorn.Server):
    """Ends with exit code 0 when asked to stop, and lets nobody wait for an answer meanwhile."""

    def __init__(self, config: uvicorn.Config, *, app: FastAPI, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._on_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _keep_out_of_collections()
            self._on_started()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        with _first_signal(self._stop):
            yield

    def _stop(self) -> None:
        self.should_exit = True
        # Those who wait for news of an execution are answered now.
        self._app.state.signals.close()


def _keep_out_of_collections() -> None:
    """What was made while starting lives as long as the process: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()


@contextmanager
def _first_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` at the first signal to end; a second one ends the process at once, which loses nothing."""
    loop = asyncio.get_running_loop()

    def received() -> None:
        common.note("Stopping: running blocks may finish. Once more stops at once; they then run again later.")
        release()
        stop()

    def release() -> None:
        for number in _STOP_SIGNALS:
            loop.remove_signal_handler(number)

    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, received)
    try:
        yield
    finally:
        release()

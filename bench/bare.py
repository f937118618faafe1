"""The floor of every call: a bare ASGI route that answers the same bytes under the server's own uvicorn settings."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from runwright.cli.server import server_config

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


def bare_app(*, accepted: bytes, status: bytes) -> ASGIApp:
    """Answers ``accepted`` to each POST, once its body is read, and ``status`` to all else."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        body = accepted if scope["method"] == "POST" else status
        headers = [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


async def _live(receive: Receive, send: Send) -> None:
    for stage in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{stage}.complete"})


def main() -> None:
    """``python -m bench.bare PORT ACCEPTED_FILE STATUS_FILE``."""
    port, accepted, status = sys.argv[1:]
    listening = socket.create_server(("127.0.0.1", int(port)))
    app = bare_app(accepted=Path(accepted).read_bytes(), status=Path(status).read_bytes())
    uvicorn.Server(server_config(app)).run(sockets=[listening])


if __name__ == "__main__":
    main()

"""Where outside systems call back. The signed address is the permission; a GET is never answered."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response

from runwright.accounts.dependencies import PathId, database_of
from runwright.errors import NotFound, TooLarge
from runwright.executions import callbacks
from runwright.executions.signals import Signal
from runwright.kit.clock import now_ms
from runwright.kit.crypto import same
from runwright.kit.text import storable

MAX_BYTES = 1024 * 1024

router = APIRouter(prefix=callbacks.PATH, tags=["Callbacks"])


@router.post("/{execution_id}/{key}/{signature}", status_code=204)
async def receive_callback(execution_id: PathId, key: str, signature: str, request: Request) -> Response:
    """Send what a ``wait`` block with ``callback: true`` waits for: the body, UTF-8 text, becomes its output.

    The address is ``{{ blocks.KEY.callback }}`` of the workflow. The first call counts, a second one is answered 409.
    """
    expected = callbacks.sign(request.app.state.door.secret_box, execution_id=execution_id, key=key)
    if not same(signature, expected):
        raise NotFound("There is no such callback address.")
    body = storable(await _read(request))
    unit = partial(callbacks.receive, execution_id=execution_id, key=key, body=body, now=now_ms())
    await database_of(request).write(unit)
    request.app.state.signals.send(Signal.DUE, [execution_id])
    return Response(status_code=204)


async def _read(request: Request) -> str:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BYTES:
            raise TooLarge(f"A callback may have at most {MAX_BYTES:,} bytes.")
        chunks.append(chunk)
    return b"".join(chunks).decode("utf-8", "replace")

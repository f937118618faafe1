"""The two frozen calls, and nothing else. Their words and order of checks are the API page's."""

from __future__ import annotations

import hashlib
import re
from functools import partial

from fastapi import APIRouter, Request, Response

from runwright import errors
from runwright.db.database import Database
from runwright.executions.signals import Signal, Signals
from runwright.kit.ids import is_uuid
from runwright.kit.json import dumps
from runwright.observability.metrics import Metrics
from runwright.public_api import openapi, status
from runwright.public_api.access import ApiCaller, identify
from runwright.public_api.payload import read_payload
from runwright.triggers import api
from runwright.triggers.api import Accepted, Idempotency, IdempotencyRace, Target

router = APIRouter(tags=["Public API"])

TRIGGER_PATH = "/api/workflows/{templateId}/trigger"
STATUS_PATH = "/api/executions/{executionId}"

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@router.post(TRIGGER_PATH, **openapi.TRIGGER)
async def trigger_workflow(request: Request) -> Response:
    """Start a workflow with its context variables; answers when the execution is durably accepted."""
    caller = await identify(request)
    workflow_id = request.path_params["templateId"]
    if not is_uuid(workflow_id):
        raise errors.invalid_template_id()
    database: Database = request.app.state.database
    target = await database.read(
        partial(api.find_target, workflow_id=workflow_id, org_id=caller.org_id, user_id=caller.user_id)
    )
    payload = await read_payload(request.stream())
    api.check_variables(target.definition, payload)
    accepted = await _accept(request, database, target, payload=payload, caller=caller)
    signals: Signals = request.app.state.signals
    signals.send(Signal.CANCELLED, accepted.cancelled)
    if not accepted.replayed:
        signals.send(Signal.DUE, [accepted.execution_id])
        metrics: Metrics = request.app.state.metrics
        metrics.trigger_accepted("api", superseded=len(accepted.cancelled))
    return Response(
        dumps({"success": True, "executionId": accepted.execution_id}),
        media_type="application/json",
        headers={"Idempotent-Replayed": "true"} if accepted.replayed else None,
    )


async def _accept(
    request: Request, database: Database, target: Target, *, payload: dict[str, str], caller: ApiCaller
) -> Accepted:
    unit = partial(
        api.trigger,
        target=target,
        payload=payload,
        metadata={
            "ip": request.client.host if request.client else None,
            "userAgent": request.headers.get("user-agent"),
            "apiKeyId": caller.key_id,
        },
        idempotency=_idempotency(request, payload),
    )
    try:
        return await database.write(unit)
    except IdempotencyRace:
        return await database.write(unit)


def _idempotency(request: Request, payload: dict[str, str]) -> Idempotency | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise errors.invalid_idempotency_key()
    canonical = dumps(dict(sorted(payload.items())))
    return Idempotency(key=key, body_hash=hashlib.sha256(canonical.encode()).hexdigest())


@router.get(STATUS_PATH, **openapi.STATUS)
async def get_execution(request: Request) -> Response:
    """The status of an execution; ``?wait=`` holds the answer back until something changes."""
    caller = await identify(request)
    execution_id = request.path_params["executionId"]
    database: Database = request.app.state.database
    revision = await database.read(partial(status.require_visible, execution_id=execution_id, caller=caller))
    known = status.tags_of(request.headers.get("if-none-match"))
    seconds = status.parse_wait(request.query_params.get("wait"))
    if seconds and (not known or str(revision) in known):
        await status.wait_for_news(
            execution_id, revision=revision, seconds=seconds, database=database, signals=request.app.state.signals
        )
    revision, body = await database.read(partial(status.body, execution_id=execution_id))
    headers = {"ETag": f'"{revision}"', "Cache-Control": "no-cache"}
    if known & {str(revision), "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)

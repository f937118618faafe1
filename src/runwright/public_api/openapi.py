"""What the OpenAPI document says of the two frozen calls: they parse their own input, so it is written here."""

from __future__ import annotations

from typing import Any

from runwright.executions.status import Status

_TIME = {"type": "string", "format": "date-time", "examples": ["2026-03-16T00:00:00.000Z"]}
_TIME_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_STATUS = {"type": "string", "enum": [status.value for status in Status]}
_UUID = {"type": "string", "format": "uuid"}

_ERROR_SCHEMA = {
    "type": "object",
    "required": ["success", "error"],
    "properties": {
        "success": {"const": False},
        "error": {"type": "string"},
        "details": {"type": "object"},
    },
}

_BLOCK_SCHEMA = {
    "type": "object",
    "properties": {
        "status": _STATUS,
        "startTime": _TIME_OR_NULL,
        "endTime": _TIME_OR_NULL,
        "inputs": {"type": "object", "additionalProperties": {"type": "string"}},
        "output": _TEXT_OR_NULL,
        "error": _TEXT_OR_NULL,
        "reason": _TEXT_OR_NULL,
    },
}

_EXECUTION_SCHEMA = {
    "type": "object",
    "properties": {
        "id": _UUID,
        "status": _STATUS,
        "workflowName": {"type": "string"},
        "blockCount": {"type": "integer"},
        "completedBlocks": {"type": "integer"},
        "createdAt": _TIME,
        "updatedAt": _TIME,
        "startedAt": _TIME_OR_NULL,
        "finishedAt": _TIME_OR_NULL,
        "cancelRequestedAt": _TIME_OR_NULL,
        "cancelReason": _TEXT_OR_NULL,
        "error": _TEXT_OR_NULL,
        "triggerType": {"enum": ["api", "manual", "schedule", "github", "mcp"]},
        "triggerPayload": {"type": "object", "additionalProperties": {"type": "string"}},
        "triggerMetadata": {"type": "object"},
        "state": {
            "type": "object",
            "properties": {
                "workflowId": _UUID,
                "executionId": _UUID,
                "status": _STATUS,
                "blocks": {"type": "object", "additionalProperties": _BLOCK_SCHEMA},
                "createdAt": _TIME,
                "updatedAt": _TIME,
            },
        },
    },
}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _error(*messages: str) -> dict[str, Any]:
    return {"description": "; ".join(messages), "content": _json(_ERROR_SCHEMA)}


_KEY_ERRORS: dict[int | str, dict[str, Any]] = {401: _error("Missing API key", "Invalid API key")}
_ACCESS = (
    "API key is not associated with an organization",
    "Unauthorized",
    "API key does not have access to this organization",
)


def _parameter(name: str, place: str, schema: dict[str, Any], *, description: str = "") -> dict[str, Any]:
    required = place == "path"
    return {"name": name, "in": place, "required": required, "schema": schema, "description": description}


TRIGGER: dict[str, Any] = {
    "operation_id": "triggerWorkflow",
    "summary": "Trigger a workflow",
    "responses": {
        200: {
            "description": "Durably accepted",
            "content": _json({"type": "object", "properties": {"success": {"const": True}, "executionId": _UUID}}),
        },
        400: _error(
            "Invalid template ID",
            "Workflow template must belong to a project",
            "Invalid JSON payload",
            "Missing required fields in payload",
            "Invalid Idempotency-Key",
        ),
        **_KEY_ERRORS,
        403: _error(*_ACCESS, "Usage limit reached"),
        404: _error("Workflow template not found or API access not enabled", "Project not found"),
        409: _error("Idempotency-Key was already used with another payload"),
        413: _error("Payload too large"),
        500: _error("Invalid payload: expected object with string values", "Unexpected fields in payload"),
        503: _error("Storage is not available, try again later"),
    },
    "openapi_extra": {
        "security": [{"apiKey": []}],
        "parameters": [
            _parameter("templateId", "path", {"type": "string"}, description="The workflow's id."),
            _parameter(
                "Idempotency-Key",
                "header",
                {"type": "string", "maxLength": 255},
                description="Within 24 hours the same key and body start one execution only.",
            ),
        ],
        "requestBody": {
            "description": "The workflow's context variables.",
            "content": _json({"type": "object", "additionalProperties": {"type": "string"}}),
        },
    },
}

STATUS: dict[str, Any] = {
    "operation_id": "getExecution",
    "summary": "Get an execution's status",
    "responses": {
        200: {"description": "The execution", "content": _json(_EXECUTION_SCHEMA)},
        304: {"description": "Not changed since the ETag given"},
        400: _error("Invalid wait: expected seconds from 0 to 60"),
        **_KEY_ERRORS,
        403: _error(*_ACCESS),
        404: _error("Execution not found"),
        503: _error("Storage is not available, try again later"),
    },
    "openapi_extra": {
        "security": [{"apiKey": []}],
        "parameters": [
            _parameter("executionId", "path", {"type": "string"}, description="As the trigger answered it."),
            _parameter(
                "wait",
                "query",
                {"type": "number", "minimum": 0, "maximum": 60},
                description="Seconds to hold the answer back until the execution settles or changes.",
            ),
            _parameter("If-None-Match", "header", {"type": "string"}, description="ETag of an earlier answer."),
        ],
    },
}

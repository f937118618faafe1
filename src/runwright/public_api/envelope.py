"""The one place that renders errors as the API page shows them."""

from __future__ import annotations

from starlette.responses import Response

from runwright.errors import ProductError
from runwright.kit.json import Json, dumps


def render_error(error: ProductError) -> Response:
    """``{"success": false, "error": …}`` with the error's status, and ``details`` where there are some."""
    body: dict[str, Json] = {"success": False, "error": error.message}
    if error.details is not None:
        body["details"] = error.details
    # What is left of an oversized body is not read: the connection ends with the answer.
    headers = {"Connection": "close"} if error.status == 413 else None
    return Response(dumps(body), status_code=error.status, media_type="application/json", headers=headers)

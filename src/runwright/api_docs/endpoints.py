"""``/api/docs``: a page that renders ``/api/openapi.json``, from files of this package alone."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from runwright.errors import NotFound

_STATIC = Path(__file__).parent / "static"
_PARTS = {"docs.css": "text/css", "docs.js": "text/javascript", "schema.js": "text/javascript"}
_HEADERS = {
    # Nothing from elsewhere and nothing inline: what the document says can only ever be shown as text.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

router = APIRouter(prefix="/api/docs", include_in_schema=False)


@router.get("")
async def page() -> Response:
    """The page itself."""
    return FileResponse(_STATIC / "index.html", media_type="text/html", headers=_HEADERS)


@router.get("/{name}")
async def part(name: str) -> Response:
    """Its style and scripts.

    Raises:
        NotFound: the page has no such part.
    """
    if name not in _PARTS:
        raise NotFound(f"The docs page has no part called {name}")
    return FileResponse(_STATIC / name, media_type=_PARTS[name], headers=_HEADERS)

"""The route that answers every address of the web app, and leaves all others alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Match, NoMatchFound

from runwright.web.files import DIST, BuiltFile, find_files
from runwright.web.page import load_page, with_nonce

if TYPE_CHECKING:
    from starlette.datastructures import URLPath
    from starlette.types import Receive, Scope, Send

_METHODS = frozenset({"GET", "HEAD"})
_FOREVER = "public, max-age=31536000, immutable"
_HASHED = "/assets/"
"""Files in this folder have their content's hash in their name."""


class WebAppRoute(BaseRoute):
    """The web app. To be the last route: it takes what no other did.

    An address under ``/api`` is never its own, and a page is answered only to those who ask for HTML: a script that
    mistypes an address gets the API's error.
    """

    path = "{web app}"

    def __init__(self, dist: Path = DIST) -> None:
        self._files = find_files(dist)
        self._page = load_page(dist)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the app answers this request."""
        if scope["type"] != "http" or scope["method"] not in _METHODS:
            return Match.NONE, {}
        path: str = scope["path"]
        if path in self._files or _is_page(path, Headers(scope=scope)):
            return Match.FULL, {"route": self}
        return Match.NONE, {}

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """The app's addresses have no names here."""
        raise NoMatchFound(name, dict(path_params))

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file, or the page."""
        file = self._files.get(scope["path"])
        response = self._answer_page() if file is None else _answer_file(scope["path"], file, Headers(scope=scope))
        await response(scope, receive, send)

    def _answer_page(self) -> Response:
        content, headers = with_nonce(self._page)
        return Response(content, media_type="text/html", headers=headers)


def _is_page(path: str, headers: Headers) -> bool:
    if path == "/":
        return True
    if path == "/api" or path.startswith(("/api/", _HASHED)):
        return False
    return "text/html" in headers.get("accept", "")


def _answer_file(address: str, file: BuiltFile, headers: Headers) -> Response:
    path, encoding = file.best(headers.get("accept-encoding", ""))
    sent = {
        "Cache-Control": _FOREVER if address.startswith(_HASHED) else "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if encoding is not None:
        sent["Content-Encoding"] = encoding
    return FileResponse(path, media_type=file.media_type, headers=sent)

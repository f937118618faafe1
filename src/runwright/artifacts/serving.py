"""Giving a file to a browser so that it is saved and never shown as a page of ours; whole, or the part it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from runwright.artifacts.repository import Artifact
from runwright.integrations.storage.base import BlobStore

_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")

# A file can hold anything, HTML and SVG with scripts too. Opened as a page of this address it could act as whoever is
# signed in; so it is saved rather than shown, its type is taken as it is said, and should it be shown all the same, it
# is in a sandbox without scripts, forms or an origin.
SAFETY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-cache",
}


@dataclass(frozen=True, slots=True)
class Part:
    """From ``start`` to before ``end``, in bytes."""

    start: int
    end: int


def download(request: Request, artifact: Artifact, store: BlobStore) -> Response:
    """The answer to a request for a file's content."""
    tag = f'"{artifact.sha256}"'
    headers = {**SAFETY, **attachment(artifact.name), "ETag": tag, "Accept-Ranges": "bytes"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("range")
    if wanted is None or request.headers.get("if-range", tag) != tag:
        return _stream(artifact, store, Part(0, artifact.size), status=200, headers=headers)
    part = requested_part(wanted, size=artifact.size)
    if part is None:
        return _stream(artifact, store, Part(0, artifact.size), status=200, headers=headers)
    if part.start >= part.end:
        headers["Content-Range"] = f"bytes */{artifact.size}"
        return Response(status_code=416, headers=headers)
    headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{artifact.size}"
    return _stream(artifact, store, part, status=206, headers=headers)


def _stream(
    artifact: Artifact, store: BlobStore, part: Part, *, status: int, headers: dict[str, str]
) -> StreamingResponse:
    headers = {**headers, "Content-Length": str(part.end - part.start), "Content-Type": served_type(artifact)}
    content = store.read(artifact.blob.key, start=part.start, end=part.end)
    return StreamingResponse(content, status_code=status, headers=headers)


def served_type(artifact: Artifact) -> str:
    """The media type, with the encoding where it is text that we wrote or that says nothing of it."""
    kind = artifact.content_type
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def requested_part(header: str, *, size: int) -> Part | None:
    """What a ``Range`` header asks for, empty when there is nothing there; None: answer the whole.

    Several parts at once are answered whole, as RFC 9110 allows.
    """
    found = _RANGE.fullmatch(header.strip().replace(" ", ""))
    if found is None or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        return Part(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return Part(int(first), size if not last else min(int(last) + 1, size))


def attachment(name: str) -> dict[str, str]:
    """The header that has a file saved under a name, in a form for every browser (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace("\\", "_").replace('"', "_")
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}

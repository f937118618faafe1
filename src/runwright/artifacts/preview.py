"""The beginning of a file as text, to be shown beside its name. What it is text of is never run or rendered here."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import StrEnum

from runwright.artifacts.repository import Artifact
from runwright.integrations.storage.base import BlobStore

PREVIEW_BYTES = 256 * 1024
"""Bytes of a file that a preview shows."""


class PreviewKind(StrEnum):
    """How the text is best shown; ``binary``: there is no text to show."""

    MARKDOWN = "markdown"
    JSON = "json"
    TEXT = "text"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Preview:
    """``truncated``: the file goes on."""

    kind: PreviewKind
    text: str
    truncated: bool


async def preview_of(artifact: Artifact, store: BlobStore) -> Preview:
    """Read the beginning of a file.

    Raises:
        StoreError: it cannot be read.
    """
    content = await read_part(store, artifact, start=0, length=PREVIEW_BYTES)
    text = decoded(content, whole=len(content) == artifact.size)
    truncated = artifact.size > len(content)
    if text is None:
        return Preview(PreviewKind.BINARY, "", truncated=truncated)
    kinds = {"text/markdown": PreviewKind.MARKDOWN, "application/json": PreviewKind.JSON}
    return Preview(kinds.get(artifact.content_type, PreviewKind.TEXT), text, truncated=truncated)


async def read_part(store: BlobStore, artifact: Artifact, *, start: int, length: int) -> bytes:
    """Some bytes of a file.

    Raises:
        StoreError: they cannot be read.
    """
    end = min(artifact.size, start + length)
    if start >= end:
        return b""
    return b"".join([chunk async for chunk in store.read(artifact.blob.key, start=start, end=end)])


def decoded(content: bytes, *, whole: bool) -> str | None:
    """UTF-8 text, without a character that was cut off at its end unless it is ``whole``; None: it is no text."""
    if b"\x00" in content:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(content, final=whole)
    except UnicodeDecodeError:
        return None

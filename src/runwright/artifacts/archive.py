"""Many files as one zip file, made while it is sent: nothing of it is kept, in memory or on disk."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import IO, cast

from runwright.artifacts import names
from runwright.artifacts.repository import Artifact
from runwright.integrations.storage.base import BlobStore


class _Outlet:
    """What a zip file is written to: it keeps what was written until it is taken away to be sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        return

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


async def zipped(artifacts: Sequence[Artifact], store: BlobStore) -> AsyncIterator[bytes]:
    """The bytes of a zip file with these files in it.

    Raises:
        StoreError: one of them cannot be read. What was sent until then is no whole zip file, and cannot be opened.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(cast(IO[bytes], outlet), "w", zipfile.ZIP_DEFLATED) as archive:
        for artifact, name in zip(artifacts, unique_names(artifacts), strict=True):
            with archive.open(_entry(artifact, name), "w", force_zip64=artifact.size >= 2**31) as entry:
                async for chunk in store.read(artifact.blob.key):
                    # Packing takes time: not in the event loop.
                    await asyncio.to_thread(entry.write, chunk)
                    yield outlet.take()
            yield outlet.take()
    yield outlet.take()


def _entry(artifact: Artifact, name: str) -> zipfile.ZipInfo:
    moment = datetime.fromtimestamp(artifact.created_at / 1000, tz=UTC)
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    # A plain file that its owner reads and writes: never a link, never executable.
    entry.external_attr = 0o100644 << 16
    return entry


def unique_names(artifacts: Sequence[Artifact]) -> list[str]:
    """A name for each file, in one folder: those that occur again, in whatever case, are numbered."""
    taken: set[str] = set()
    found = []
    for artifact in artifacts:
        name = names.made_safe(artifact.name, otherwise=artifact.id)
        stem, dot, ending = name.rpartition(".")
        stem, ending = (stem, dot + ending) if dot else (name, "")
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} ({number}){ending}"
        taken.add(name.casefold())
        found.append(name)
    return found

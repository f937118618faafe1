"""Keeps contents: hashed, in the store before anything refers to them, and each only once for an organization."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from runwright.artifacts import repository
from runwright.artifacts.repository import Blob
from runwright.db.database import Database
from runwright.errors import TooLarge
from runwright.integrations.storage.base import BlobStore
from runwright.kit.clock import now_ms
from runwright.kit.ids import new_uuid
from runwright.kit.text import storable

if TYPE_CHECKING:
    from hashlib import _Hash


@dataclass(frozen=True, slots=True)
class Spooled:
    """A content that came in over the network, in a file that goes away with the request; ``size`` in bytes."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """Puts contents into the store of an installation."""

    database: Database
    store: BlobStore

    async def keep_text(self, org_id: str, text: str) -> Blob:
        """Keep a text as UTF-8.

        Raises:
            StoreError: the store cannot take it.
        """
        content, sha256 = await asyncio.to_thread(_hashed, text)
        return await self._keep(org_id, content, sha256=sha256, size=len(content))

    async def keep_file(self, org_id: str, spooled: Spooled) -> Blob:
        """Keep what came in.

        Raises:
            StoreError: the store cannot take it.
        """
        return await self._keep(org_id, spooled.path, sha256=spooled.sha256, size=spooled.size)

    async def _keep(self, org_id: str, content: bytes | Path, *, sha256: str, size: int) -> Blob:
        # The row comes first: should this process be killed now, upkeep knows what to look for.
        claim = partial(repository.claim_blob, owner=org_id, sha256=sha256, size=size, now=now_ms())
        blob = await self.database.write(claim)
        if await self.store.size(blob.key) != size:
            await self.store.put(blob.key, content)
        return blob


def _hashed(text: str) -> tuple[bytes, str]:
    content = storable(text).encode()
    return content, hashlib.sha256(content).hexdigest()


@asynccontextmanager
async def spooled(chunks: AsyncIterator[bytes], *, folder: Path, limit: int) -> AsyncIterator[Spooled]:
    """Write what comes in to a file, hashed on the way, never held in memory; the file goes away with the context.

    Raises:
        TooLarge: more than ``limit`` bytes came.
    """
    await asyncio.to_thread(partial(folder.mkdir, parents=True, exist_ok=True, mode=0o700))
    path, digest, size = folder / new_uuid(), hashlib.sha256(), 0
    file = await asyncio.to_thread(path.open, "xb")
    try:
        with file:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise too_large(limit)
                await asyncio.to_thread(_write, chunk, file, digest)
        yield Spooled(path=path, sha256=digest.hexdigest(), size=size)
    finally:
        await asyncio.to_thread(partial(path.unlink, missing_ok=True))


def _write(chunk: bytes, file: BinaryIO, digest: _Hash) -> None:
    file.write(chunk)
    digest.update(chunk)


def too_large(limit: int) -> TooLarge:
    """The error of a file that is larger than may be uploaded; ``limit`` in bytes."""
    return TooLarge(
        f"The file is larger than {limit / 1_000_000:g} MB, the most that can be uploaded "
        "(RUNWRIGHT_STORAGE__MAX_UPLOAD_BYTES)",
        details={"limit": limit},
    )

"""A blob store in memory, for tests: it can be told to fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from runwright.integrations.storage.base import BlobMissing, StoreError, try_out


class MemoryStore:
    """A :class:`~runwright.integrations.storage.base.BlobStore` that forgets everything with the process."""

    place = "memory"

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.puts = 0
        self.fails: str | None = None
        """While set, everything fails with this text."""

    async def put(self, key: str, content: bytes | Path) -> None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.put`."""
        self._may_fail()
        self.puts += 1
        self.contents[key] = content if isinstance(content, bytes) else await asyncio.to_thread(content.read_bytes)

    async def size(self, key: str) -> int | None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.size`."""
        self._may_fail()
        found = self.contents.get(key)
        return None if found is None else len(found)

    async def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.read`."""
        self._may_fail()
        if key not in self.contents:
            raise BlobMissing(f"memory has no file {key}")
        yield self.contents[key][start:end]

    async def delete(self, key: str) -> None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.delete`."""
        self._may_fail()
        self.contents.pop(key, None)

    async def check(self) -> None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.check`."""
        await try_out(self, "check")

    def _may_fail(self) -> None:
        if self.fails is not None:
            raise StoreError(self.fails)

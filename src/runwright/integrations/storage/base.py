"""What a blob store is: contents by key, durable once put, never changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

CHUNK = 256 * 1024
"""Bytes that are read and handed on at a time."""


class StoreError(Exception):
    """The store cannot be used now; the text says why, and names no secret."""


class BlobMissing(StoreError):
    """The store does not have the content that was asked for."""


class BlobStore(Protocol):
    """Keeps contents. Keys are made by the program: lower-case letters, digits, ``-`` and ``/``."""

    place: str
    """Where it keeps them, for people: a folder, or a bucket."""

    async def put(self, key: str, content: bytes | Path) -> None:
        """Keep a content, given whole or as a file; returns when it is durable, and is harmless to repeat.

        Raises:
            StoreError: it could not be kept.
        """

    async def size(self, key: str) -> int | None:
        """How many bytes are kept under a key; None: nothing is.

        Raises:
            StoreError: the store cannot be asked.
        """

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from ``start`` to before ``end``, in pieces.

        Raises:
            BlobMissing: nothing is kept under this key.
            StoreError: it could not be read.
        """

    async def delete(self, key: str) -> None:
        """Forget a content; one that is not there is forgotten already.

        Raises:
            StoreError: it could not be deleted.
        """

    async def check(self) -> None:
        """Write, read and delete a small content.

        Raises:
            StoreError: one of these failed.
        """


async def try_out(store: BlobStore, key: str) -> None:
    """What :meth:`BlobStore.check` does, for any store.

    Raises:
        StoreError: writing, reading or deleting failed.
    """
    sample = b"runwright"
    await store.put(key, sample)
    found = b"".join([chunk async for chunk in store.read(key)])
    await store.delete(key)
    if found != sample:
        raise StoreError(f"{store.place} gives back something else than was written to it")

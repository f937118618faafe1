"""Contents on local disk: one file each, that appears whole under its name and is never changed."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from runwright.integrations.storage.base import CHUNK, BlobMissing, StoreError, try_out
from runwright.kit.ids import new_uuid


class LocalStore:
    """A :class:`~runwright.integrations.storage.base.BlobStore` in a folder, which is made with the first content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.place = str(folder)

    async def put(self, key: str, content: bytes | Path) -> None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.put`."""
        try:
            await asyncio.to_thread(self._put, self._path(key), content)
        except OSError as error:
            raise self._trouble("written", error) from error

    def _put(self, path: Path, content: bytes | Path) -> None:
        _make_folder(path.parent)
        partial = path.with_name(f".{path.name}.{new_uuid()}")
        try:
            with partial.open("xb") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    with content.open("rb") as source:
                        shutil.copyfileobj(source, file, CHUNK)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        _sync(path.parent)

    async def size(self, key: str) -> int | None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.size`."""
        try:
            return (await asyncio.to_thread(self._path(key).stat)).st_size
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._trouble("read", error) from error

    async def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.read`."""
        try:
            file = await asyncio.to_thread(self._open, key, start)
            try:
                left = None if end is None else end - start
                while chunk := await asyncio.to_thread(file.read, CHUNK if left is None else min(CHUNK, left)):
                    left = None if left is None else left - len(chunk)
                    yield chunk
            finally:
                file.close()
        except FileNotFoundError as error:
            raise BlobMissing(f"{self._folder} has no file {key}") from error
        except OSError as error:
            raise self._trouble("read", error) from error

    def _open(self, key: str, start: int) -> BinaryIO:
        file = self._path(key).open("rb")
        file.seek(start)
        return file

    async def delete(self, key: str) -> None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.delete`."""
        try:
            await asyncio.to_thread(self._path(key).unlink, missing_ok=True)
        except OSError as error:
            raise self._trouble("changed", error) from error

    async def check(self) -> None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.check`."""
        await try_out(self, f"check/{new_uuid()}")

    def _path(self, key: str) -> Path:
        path = self._folder / key
        # Keys are the program's own; should one ever be made of a user's text, it must not lead out.
        if ".." in path.parts or not path.is_relative_to(self._folder):
            raise StoreError(f"{key!r} is no key")
        return path

    def _trouble(self, what: str, error: OSError) -> StoreError:
        return StoreError(f"the folder {self._folder} cannot be {what}: {error.strerror or error}")


def _make_folder(folder: Path) -> None:
    """Make a folder that is still there after a power cut, with those above it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True, mode=0o700)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

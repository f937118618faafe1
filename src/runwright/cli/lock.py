"""The lock that keeps two servers off one embedded database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_NAME = "serve.lock"


class FolderInUse(Exception):
    """Another server works on this data folder; ``pid`` is its process, None when it did not say."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        who = f"process {pid}" if pid else "another process"
        super().__init__(
            f"{who} already serves the data folder {folder}. Stop it first, or choose another folder with --data-dir."
        )
        self.pid = pid


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it when the process dies, however it dies.

    Raises:
        FolderInUse: another process holds it.
        OSError: the lock file cannot be made.
    """
    import fcntl

    handle = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(folder, _pid_in(handle)) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def holder(folder: Path) -> int | None:
    """The process that serves the folder now, None when none does.

    Raises:
        OSError: the lock file cannot be read.
    """
    if not (folder / LOCK_NAME).exists():
        return None
    try:
        with exclusive(folder):
            return None
    except FolderInUse as in_use:
        return in_use.pid or 0


def _pid_in(handle: int) -> int | None:
    text = os.pread(handle, 32, 0).strip()
    return int(text) if text.isdigit() else None

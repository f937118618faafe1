"""How an agent reads files: lists them, searches in them, reads them piece by piece. It changes nothing.

What it sees are the uploaded files of the run's project, and what the run's own blocks saved. Every answer is bounded,
so that a large file costs a bounded number of tokens however a model asks for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from runwright.artifacts import repository
from runwright.artifacts.preview import decoded, read_part
from runwright.artifacts.repository import Artifact
from runwright.db.database import Database
from runwright.errors import Invalid, NotFound, Unavailable
from runwright.integrations.storage.base import BlobStore, StoreError
from runwright.kit.text import shortened

PAGE_BYTES = 16_000
"""Bytes of a file that one reading gives at most."""
LISTED = 100
"""Files that one listing gives at most."""

_CONSIDERED = 1_000
_MATCHES = 50
_LINE = 300
_SEARCHED_BYTES = 20_000_000
_BLOCK_BYTES = 1_000_000
_LONGEST_WORDS = 200


class Reader(Protocol):
    """Who reads: a block of a run, as its context says."""

    @property
    def org_id(self) -> str: ...

    @property
    def project_id(self) -> str: ...

    @property
    def execution_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class FileTools:
    """The files of an installation, as a model is given them: every answer is a text for it."""

    database: Database
    store: BlobStore

    async def list_files(self, reader: Reader, *, name: str = "") -> str:
        """The files whose name has this in it, newest first."""
        found = [file for file in await self._files(reader) if name.casefold() in file.name.casefold()]
        if not found:
            return "There are no such files." if name else "There are no files."
        lines = [_described(file) for file in found[:LISTED]]
        if len(found) > LISTED:
            lines.append(f"… and more; name a part of the file's name ({LISTED} are listed at a time)")
        return "\n".join(lines)

    async def search_files(self, reader: Reader, *, words: str, name: str = "") -> str:
        """The lines that have these words in them, in text files whose name has ``name`` in it; case does not matter.

        Raises:
            Invalid: there is nothing to search for, or too much.
            Unavailable: the files cannot be read now.
        """
        wanted = words.strip().casefold()
        if not wanted or len(wanted) > _LONGEST_WORDS:
            raise Invalid(f"words: must have 1 to {_LONGEST_WORDS} characters")
        files = [file for file in await self._files(reader) if name.casefold() in file.name.casefold()]
        search = _Search(self.store, wanted)
        try:
            for file in files:
                await search.look_into(file)
                if search.full:
                    break
        except StoreError as error:
            raise Unavailable(f"the files cannot be read now: {error}") from error
        return search.report(files=len(files))

    async def read_file(self, reader: Reader, *, file: str, offset: int = 0) -> str:
        """A piece of a text file from a byte on; ``file`` is its id, or its name (of several, the newest).

        Raises:
            NotFound: there is no such file.
            Invalid: it is no text, or the offset lies behind its end.
            Unavailable: it cannot be read now.
        """
        found = _named(await self._files(reader), file)
        if offset < 0 or offset > found.size:
            raise Invalid(f"offset: {found.name} has {found.size} bytes; give a number from 0 to that")
        try:
            content = await read_part(self.store, found, start=offset, length=PAGE_BYTES)
        except StoreError as error:
            raise Unavailable(f"{found.name} cannot be read now: {error}") from error
        return _page(found, content, offset=offset)

    async def _files(self, reader: Reader) -> Sequence[Artifact]:
        """Those the run may read, newest first."""
        return await self.database.read(
            partial(
                repository.readable,
                org_id=reader.org_id,
                project_id=reader.project_id,
                execution_id=reader.execution_id,
                limit=_CONSIDERED,
            )
        )


def _described(file: Artifact) -> str:
    origin = "uploaded" if file.block_key is None else f"saved by block {file.block_key}"
    return f"{file.id}  {file.name}  ({file.content_type}, {file.size} bytes, {origin})"


def _named(files: Sequence[Artifact], wanted: str) -> Artifact:
    for file in files:
        if wanted in (file.id, file.name):
            return file
    raise NotFound(f"there is no file {shortened(wanted, 100)!r}; list_files names those that there are")


def _page(file: Artifact, content: bytes, *, offset: int) -> str:
    # A piece may begin inside a character, when a model makes up its own offset: what belongs to it is passed over.
    start = next((at for at in range(min(4, len(content))) if content[at] & 0xC0 != 0x80), 0) if offset else 0
    end = offset + len(content)
    text = decoded(content[start:], whole=end == file.size)
    if text is None:
        raise Invalid(f"{file.name} is no text ({file.content_type}, {file.size} bytes) and cannot be read with this")
    if end == file.size:
        return text
    following = offset + start + len(text.encode())
    return f"{text}\n… ({file.size} bytes in all; go on with offset {following})"


class _Search:
    """One search over several files, until there is enough or too much was read."""

    def __init__(self, store: BlobStore, wanted: str) -> None:
        self._store = store
        self._wanted = wanted
        self._lines: list[str] = []
        self._left = _SEARCHED_BYTES
        self._skipped = 0

    @property
    def full(self) -> bool:
        return len(self._lines) >= _MATCHES or self._left <= 0

    async def look_into(self, file: Artifact) -> None:
        """Note the lines of a file that have the words."""
        number = 0
        async for block in self._blocks(file):
            for line in block.splitlines():
                number += 1
                if self._wanted in line.casefold() and not self.full:
                    self._lines.append(f"{file.name} ({file.id}), line {number}: {_around(line, self._wanted)}")
            if self.full:
                return

    async def _blocks(self, file: Artifact) -> AsyncIterator[str]:
        """The file's text in blocks of whole lines; nothing of one that is no text."""
        rest = b""
        async for chunk in self._store.read(file.blob.key, end=min(file.size, self._left)):
            self._left -= len(chunk)
            block, newline, tail = (rest + chunk).rpartition(b"\n")
            if not newline and len(tail) < _BLOCK_BYTES:
                rest = tail
                continue
            text = _text_of(block if newline else tail)
            rest = tail if newline else b""
            if text is None:
                self._skipped += 1
                return
            yield text
        text = _text_of(rest)
        if text is None:
            self._skipped += 1
        elif text:
            yield text

    def report(self, *, files: int) -> str:
        """What was found, for the model."""
        notes = [] if self._lines else [f"No line in {files} files has these words."]
        if len(self._lines) >= _MATCHES:
            notes.append(f"… there may be more: {_MATCHES} lines are shown; search for something rarer")
        elif self._left <= 0:
            notes.append("… the files are too large to be searched to their end; name a part of the file's name")
        if self._skipped:
            notes.append(f"({self._skipped} files are no text)")
        return "\n".join([*self._lines, *notes])


def _text_of(content: bytes) -> str | None:
    return None if b"\x00" in content else content.decode("utf-8", "replace")


def _around(line: str, wanted: str) -> str:
    """The line, or of a long one what stands around the words."""
    at = max(0, line.casefold().find(wanted) - _LINE // 3)
    shown = shortened(line[at:], _LINE)
    return f"…{shown}" if at else shown

"""The local model's process: started with the first question, watched, started again when it ends, stopped with us."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import structlog

from runwright.config import HttpSettings, ModelSettings
from runwright.integrations.http.client import GuardedClient
from runwright.integrations.http.errors import RequestError
from runwright.integrations.http.messages import Outgoing
from runwright.integrations.llm.local_download import checksum
from runwright.integrations.llm.local_weights import QWEN
from runwright.integrations.llm.vendors import LOCAL, Access, ModelNotAvailable
from runwright.kit.clock import now_ms

log = structlog.get_logger()

_START_SECONDS = 180.0
_HEALTH_SECONDS = 10.0
_STRIKES = 3
"""Looks in a row at which the process does not answer, before it is ended and started anew."""
_DEATHS = 5
_DEATHS_MS = 300_000
"""So many ends in so much time, and it is not started again before that time is over."""
_ENVIRONMENT = ("PATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT")
_COMMAND = (sys.executable, "-m", "runwright.integrations.llm.local_child")


@dataclass(frozen=True, slots=True)
class LocalFile:
    """The model's file. ``sha256`` None: the operator vouches for it."""

    name: str
    path: Path
    sha256: str | None
    downloadable: bool

    @property
    def model(self) -> str:
        """The whole name, for blocks and settings."""
        return f"{LOCAL}:{self.name}"


def local_folder(settings: ModelSettings, data_dir: Path) -> Path:
    """Where the downloaded model is."""
    return settings.local_dir or data_dir / "models"


def local_file(settings: ModelSettings, folder: Path) -> LocalFile:
    """The file that ``local:`` means: the operator's own, or the one that can be downloaded."""
    if settings.local_file is not None:
        own = settings.local_file
        return LocalFile(name=own.stem.lower(), path=own, sha256=settings.local_sha256, downloadable=False)
    return LocalFile(name=QWEN.name, path=folder / f"{QWEN.name}.gguf", sha256=QWEN.sha256, downloadable=True)


def is_installed() -> bool:
    """Whether the library that runs models is there."""
    return find_spec("xllamacpp") is not None


@dataclass(frozen=True, slots=True)
class _Child:
    process: asyncio.subprocess.Process
    url: str
    key: str

    @property
    def alive(self) -> bool:
        return self.process.returncode is None


@dataclass
class LocalModel:
    """The one local model of this process. ``command`` starts what serves it."""

    settings: ModelSettings
    folder: Path
    command: Sequence[str] = _COMMAND
    health_seconds: float = _HEALTH_SECONDS
    _child: _Child | None = None
    _watch: asyncio.Task[None] | None = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _checked: tuple[int, int] | None = None
    _deaths: list[int] = field(default_factory=list)
    _closed: bool = False

    async def access(self, name: str) -> Access:
        """Where the model answers; it is started if it is not running.

        Raises:
            ModelNotAvailable: it is another model, it is not there, its checksum is wrong, or it does not start.
        """
        file = local_file(self.settings, self.folder)
        if name != file.name:
            raise ModelNotAvailable(f"There is no local model {name!r}; the one that is set up is {file.model}")
        async with self._starting:
            child = self._child
            if child is None or not child.alive:
                child = await self._start(file)
        return Access(api_key=child.key, base_url=f"{child.url}/v1", trusted=True)

    async def aclose(self) -> None:
        """Stop the process."""
        self._closed = True
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self._child is not None:
            await _end(self._child)
            self._child = None

    async def _start(self, file: LocalFile) -> _Child:
        self._require_patience()
        if self.command is _COMMAND and not is_installed():
            raise ModelNotAvailable("The local model needs a library that is not installed: install runwright[local]")
        await self._check(file)
        child = await self._launch(file)
        log.info("local_model.started", model=file.model, pid=child.process.pid)
        self._child = child
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._keep_alive(file), name="local-model")
        return child

    def _require_patience(self) -> None:
        """Refuse to start what keeps ending."""
        self._deaths = [at for at in self._deaths if at > now_ms() - _DEATHS_MS]
        if len(self._deaths) >= _DEATHS:
            raise ModelNotAvailable(
                f"The local model's process ended {len(self._deaths)} times within {_DEATHS_MS // 60_000} minutes, and "
                f"is left alone for now. {self._last_words()}"
            )

    async def _check(self, file: LocalFile) -> None:
        if not file.path.is_file():
            remedy = "fetch it with: runwright models download" if file.downloadable else "correct the setting"
            raise ModelNotAvailable(f"The local model's file {file.path} is not there; {remedy}")
        found = file.path.stat()
        if file.sha256 is None or self._checked == (found.st_size, found.st_mtime_ns):
            return
        if await asyncio.to_thread(checksum, file.path) != file.sha256.lower():
            raise ModelNotAvailable(f"{file.path} has not the checksum it should have; delete it, and fetch it anew")
        self._checked = (found.st_size, found.st_mtime_ns)

    async def _launch(self, file: LocalFile) -> _Child:
        key = secrets.token_urlsafe(32)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._log_path.open("wb") as words:
            process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=words,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                start_new_session=True,
            )
        assert process.stdin is not None
        assert process.stdout is not None
        told = {
            "path": str(file.path.absolute()),
            "name": file.name,
            "key": key,
            "context": self.settings.local_context,
            "threads": self.settings.local_threads,
        }
        child = _Child(process, url="", key=key)
        try:
            process.stdin.write(json.dumps(told).encode() + b"\n")
            async with asyncio.timeout(_START_SECONDS):
                line = await process.stdout.readline()
            url = json.loads(line)["url"]
        except (TimeoutError, ValueError, KeyError, OSError) as error:
            await _end(child)
            raise ModelNotAvailable(f"The local model did not start. {self._last_words()}") from error
        except BaseException:
            await _end(child)
            raise
        return _Child(process, url=url, key=key)

    async def _keep_alive(self, file: LocalFile) -> None:
        while not self._closed and (child := self._child) is not None:
            await self._until_ended(child)
            await _end(child)
            self._deaths.append(now_ms())
            log.warning("local_model.ended", model=file.model, code=child.process.returncode)
            async with self._starting:
                if self._child is not child:
                    continue
                self._child = None
                try:
                    await self._start(file)
                except (ModelNotAvailable, OSError) as error:
                    log.error("local_model.not_restarted", model=file.model, error=str(error))

    async def _until_ended(self, child: _Child) -> None:
        """Return when the process has ended, or does not answer any more."""
        strikes = 0
        async with GuardedClient(HttpSettings(allow_hosts=frozenset({"127.0.0.1"}))) as client:
            while strikes < _STRIKES:
                try:
                    async with asyncio.timeout(self.health_seconds):
                        await child.process.wait()
                    return
                except TimeoutError:
                    strikes = 0 if await self._answers(child, client) else strikes + 1
        log.warning("local_model.silent", pid=child.process.pid)

    async def _answers(self, child: _Child, client: GuardedClient) -> bool:
        try:
            answer = await client.request(Outgoing("GET", f"{child.url}/health", timeout=self.health_seconds))
        except RequestError:
            return False
        return answer.status == 200

    @property
    def _log_path(self) -> Path:
        return self.folder / "local-model.log"

    def _last_words(self) -> str:
        """What the process said last, from its log."""
        try:
            lines = self._log_path.read_text("utf-8", "replace").strip().splitlines()
        except OSError:
            lines = []
        said = f"It said last: {lines[-1][:300]}. " if lines else ""
        return f"{said}Its log is {self._log_path}"


async def _end(child: _Child) -> None:
    """End the process: by closing its input, and at once if that does not help."""
    process = child.process
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(1.0):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

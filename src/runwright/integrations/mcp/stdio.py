"""Runs an MCP server as a child process and speaks with it over its standard input and output.

Other than the protocol library's own transport it bounds the length of a message, says what a server that died last
wrote, and never leaves a process behind: whatever is left of the child's process group is killed at the end.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from tempfile import gettempdir

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client._transport import TransportStreams
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from runwright.integrations.mcp.servers import McpError, McpRefused, Target
from runwright.kit.text import shortened

# All that a server sees of our environment: nothing of it is a secret.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")
_GRACE = 1.0
_POLL = 0.02
_LAST_WORDS = 2_000


@asynccontextmanager
async def stdio_transport(
    target: Target, env: Mapping[str, str], *, max_bytes: int
) -> AsyncGenerator[TransportStreams, None]:
    """Start the command and connect to it; ``max_bytes`` bounds each message it may send.

    Raises:
        McpRefused: the command cannot be started.
        McpError: the process ended, or sent a message that is too long. It comes in an exception group.
    """
    process = await _start(target, env, max_bytes=max_bytes)
    last_words = _LastWords()
    incoming_in, incoming_out = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    outgoing_in, outgoing_out = anyio.create_memory_object_stream[SessionMessage](0)
    try:
        async with anyio.create_task_group() as group, incoming_in, incoming_out, outgoing_in, outgoing_out:
            group.start_soon(_read, process, incoming_in, last_words)
            group.start_soon(_write, process, outgoing_out)
            group.start_soon(last_words.follow, process)
            try:
                yield incoming_out, outgoing_in
            finally:
                group.cancel_scope.cancel()
    finally:
        try:
            with anyio.CancelScope(shield=True):
                await _stop(process)
        finally:
            _signal_group(process, signal.SIGKILL)
            _close_pipes(process)


async def _start(target: Target, env: Mapping[str, str], *, max_bytes: int) -> asyncio.subprocess.Process:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    try:
        return await asyncio.create_subprocess_exec(
            str(target.command),
            *target.args,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**inherited, **env},
            cwd=gettempdir(),
            limit=max_bytes,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise McpRefused(f"its command {target.command!r} could not be started: {reason}") from error


class _LastWords:
    """Keeps the end of what a process writes to its standard error."""

    def __init__(self) -> None:
        self._bytes = b""

    async def follow(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        while piece := await process.stderr.read(4096):
            self._bytes = (self._bytes + piece)[-_LAST_WORDS:]

    def __str__(self) -> str:
        return shortened(self._bytes.decode("utf-8", "replace"), _LAST_WORDS)


async def _read(
    process: asyncio.subprocess.Process,
    incoming: MemoryObjectSendStream[SessionMessage | Exception],
    last_words: _LastWords,
) -> None:
    assert process.stdout is not None
    while True:
        try:
            line = await process.stdout.readline()
        except ValueError:
            raise McpError("it sent a message longer than may be read", retryable=False) from None
        if not line:
            raise await _death(process, last_words)
        try:
            message = jsonrpc_message_adapter.validate_json(line, by_name=False)
        except ValueError:
            continue  # A line of a log: servers are known to write them to the wrong place.
        await incoming.send(SessionMessage(message))


async def _death(process: asyncio.subprocess.Process, last_words: _LastWords) -> McpError:
    """The words for a process whose output has ended."""
    await _exited(process, _GRACE)
    # What it wrote last may still be on its way.
    await asyncio.sleep(_POLL)
    how = "closed its output" if process.returncode is None else f"ended with code {process.returncode}"
    said = str(last_words)
    return McpError(f"its process {how}" + (f", after writing: {said}" if said else ""))


async def _write(process: asyncio.subprocess.Process, outgoing: MemoryObjectReceiveStream[SessionMessage]) -> None:
    assert process.stdin is not None
    # When the process is gone, the reader sees it too and says why.
    with suppress(OSError):
        async for sent in outgoing:
            text = sent.message.model_dump_json(by_alias=True, exclude_unset=True)
            process.stdin.write(text.encode("utf-8", "replace") + b"\n")
            await process.stdin.drain()


async def _stop(process: asyncio.subprocess.Process) -> None:
    """As the protocol has it: close its input, then ask it to end, then kill it."""
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.close()
    if await _exited(process, _GRACE):
        return
    _signal_group(process, signal.SIGTERM)
    if await _exited(process, _GRACE):
        return
    _signal_group(process, signal.SIGKILL)
    await _exited(process, _GRACE)


async def _exited(process: asyncio.subprocess.Process, seconds: float) -> bool:
    """Whether it ends in time. Waiting for it would also wait for grandchildren that hold its pipes."""
    deadline = asyncio.get_running_loop().time() + seconds
    while process.returncode is None:
        if asyncio.get_running_loop().time() >= deadline:
            return False
        await asyncio.sleep(_POLL)
    return True


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    # Its group has its number: it began a session of its own.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _close_pipes(process: asyncio.subprocess.Process) -> None:
    """Close our ends of its pipes, which a process that left its group may still hold."""
    # There is no public way to the transport, and without it the pipes stay open until they are collected.
    transport = getattr(process, "_transport", None)
    if transport is not None:
        with suppress(PermissionError):
            transport.close()

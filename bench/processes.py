"""Server processes: started, looked at from outside, stopped."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.calls import BenchFailed

RUNWRIGHT = str(Path(sys.executable).with_name("runwright"))
_START_SECONDS = 60.0
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers."""

    process: psutil.Process
    port: int
    start_seconds: float
    """From the start of the process until it was ready."""
    start_cpu_seconds: float
    """Processor time that took."""

    def cpu_seconds(self) -> float:
        """Processor time it has used, with what it started."""
        return sum(times.user + times.system for times in (one.cpu_times() for one in self._family()))

    def memory_mb(self) -> float:
        """Resident memory, with what it started."""
        return sum(one.memory_info().rss for one in self._family()) / _MEGABYTE

    def idle_cpu_percent(self, seconds: float) -> float:
        """Share of one core it uses while nobody calls."""
        before, began = self.cpu_seconds(), time.perf_counter()
        time.sleep(seconds)
        return 100 * (self.cpu_seconds() - before) / (time.perf_counter() - began)

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def plain_environment(folder: Path, **added: str) -> dict[str, str]:
    """The environment without the settings that somebody may have made for a server of their own.

    Compiled modules are kept in ``folder``, so that the second start of a server is what it is for its users, however
    this process treats its own.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("RUNWRIGHT_")}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return own | {"PYTHONPYCACHEPREFIX": str(folder / "pycache")} | added


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: Sequence[str], *, port: int, environment: Mapping[str, str], log: Path) -> Iterator[Running]:
    """Start a server and wait until ``/readyz`` answers 200; stop it at the end.

    Raises:
        BenchFailed: it ended, or was not ready in time.
    """
    with log.open("ab") as output:
        began = time.perf_counter()
        process = psutil.Popen(command, env=dict(environment), stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(process, port, log)
            took, times = time.perf_counter() - began, process.cpu_times()
            yield Running(process, port=port, start_seconds=took, start_cpu_seconds=times.user + times.system)
            process.terminate()
            process.wait(timeout=_START_SECONDS)
        finally:
            if process.is_running():
                process.kill()
                process.wait()


def _wait_until_ready(process: psutil.Popen, port: int, log: Path) -> None:
    deadline = time.perf_counter() + _START_SECONDS
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            break
        if _is_ready(port):
            return
        time.sleep(0.005)
    raise BenchFailed(f"a server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()

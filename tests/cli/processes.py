"""Real ``runwright`` processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

RUNWRIGHT = Path(sys.executable).with_name("runwright")


@dataclass
class Running:
    """A command that runs until it is stopped; ``said`` is what it printed when it was up."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address that ``serve`` printed."""
        return self.said[0].split()[3]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and answer the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def read_line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@contextmanager
def running(*arguments: str | Path, **environment: str) -> Iterator[Running]:
    """Start a command and wait for the first line it prints; it is killed at the end if it still runs."""
    process = subprocess.Popen(
        [RUNWRIGHT, *arguments], stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    started = Running(process)
    try:
        started.said.append(started.read_line())
        yield started
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def run_to_end(
    *arguments: str | Path, given: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [RUNWRIGHT, *arguments],
        input=given,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )

"""A real server process on a folder of its own, and its API as a signed-in browser calls it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import httpx

PASSWORD = "correct horse battery"
EMAIL = "ada@example.com"
NAME = "Ada Example"
_LINK = re.compile(r"(http://\S+)(/sign-in#link=(\S+))")
_STARTED_WITHIN = 60.0
_SETTLED = ("completed", "failed", "cancelled", "skipped")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. ``first_link`` is the one-time link that it printed."""

    address: str
    first_link: str
    process: subprocess.Popen[str]

    @property
    def token(self) -> str:
        """What stands behind the link's #."""
        return self.first_link.partition("#link=")[2]

    def stop(self) -> None:
        """Stop it as an operator does."""
        self.process.terminate()
        self.process.wait(timeout=30)


@contextmanager
def serving(folder: Path, *, port: int = 0, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Serve from a data folder until the block ends."""
    with (folder / "server.log").open("a") as log:
        server = _start(folder, port=port, environment=environment or {}, log=log)
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.stop()


def _start(folder: Path, *, port: int, environment: Mapping[str, str], log: TextIO) -> Server:
    program = Path(sys.executable).with_name("runwright")
    command = [str(program), "serve", "--port", str(port), "--data-dir", str(folder / "data")]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
    )
    assert process.stdout is not None
    address = link = ""
    for line in process.stdout:
        if found := re.search(r"is at (http://\S+)", line):
            address = found[1]
        if found := _LINK.search(line):
            link = found[0]
        if address and (link or _has_owner(address)):
            return Server(address=address, first_link=link, process=process)
    raise AssertionError(f"the server did not start, see {log.name}")


def _has_owner(address: str) -> bool:
    return not httpx.get(f"{address}/api/v1/setup", timeout=10).json()["needsSetup"]


class Api:
    """``/api/v1`` as the owner's browser calls it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._client = httpx.Client(base_url=f"{server.address}/api/v1", headers={"X-Runwright-CSRF": "1"}, timeout=30)

    def set_up(self) -> None:
        """Make the owner's account by the first link."""
        body = {"token": self.server.token, "password": PASSWORD, "name": NAME, "email": EMAIL}
        self._client.post("/setup", json=body).raise_for_status()

    @property
    def cookies(self) -> list[Any]:
        """The session, as a browser is given it."""
        held = self._client.cookies.items()
        return [{"name": name, "value": value, "url": self.server.address} for name, value in held]

    def get(self, path: str, **params: str) -> Any:
        """Read something."""
        return self._client.get(path, params=params).raise_for_status().json()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Change something."""
        answer = self._client.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def make_workflow(self, source: str, *, publish: bool = True) -> str:
        """Make a workflow of a file; its id."""
        made: str = self.send("POST", "/workflows", {"source": source, "publish": publish})["id"]
        return made

    def run(self, workflow_id: str, *, until: tuple[str, ...] = _SETTLED, **inputs: str) -> str:
        """Start a workflow by hand and wait for a status; the run's id."""
        started: str = self.send("POST", f"/workflows/{workflow_id}/executions", {"inputs": inputs})["executionId"]
        self.wait_for(started, until=until)
        return started

    def wait_for(self, execution_id: str, *, until: tuple[str, ...] = _SETTLED) -> Any:
        """Wait until a run has one of these statuses."""
        deadline = time.monotonic() + _STARTED_WITHIN
        while time.monotonic() < deadline:
            run = self.get(f"/executions/{execution_id}")
            if run["status"] in until:
                return run
            time.sleep(0.05)
        raise AssertionError(f"execution {execution_id} is {run['status']}, not {' or '.join(until)}")

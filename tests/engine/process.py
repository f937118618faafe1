"""A real server process, to be killed."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from runwright.config import Settings

START_S = 60


class ServerProcess:
    """``runwright serve`` (or ``worker``) on the given installation, with blocks allowed to call this machine."""

    def __init__(self, settings: Settings, *, command: str = "serve", **environment: str) -> None:
        self._settings = settings
        self._command = command
        self._environment = {
            # Started many times: compiled modules are kept, whatever the environment says.
            "PYTHONDONTWRITEBYTECODE": "",
            "RUNWRIGHT_HTTP__ALLOW_HOSTS": "127.0.0.1",
            "RUNWRIGHT_ENGINE__HEARTBEAT": "0.3",
            "RUNWRIGHT_ENGINE__DEAD_AFTER": "1.5",
            **environment,
        }
        if settings.database_url is not None:
            self._environment["RUNWRIGHT_DATABASE_URL"] = settings.database_url.get_secret_value()
        self.url = ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> ServerProcess:
        """Start it; returns when it can be talked to."""
        program = Path(sys.executable).parent / "runwright"
        arguments = [str(program), self._command, "--data-dir", str(self._settings.data_dir)]
        if self._command == "serve":
            arguments += ["--port", "0"]
        log = (Path(self._settings.data_dir) / f"{self._command}.log").open("a")
        self._process = subprocess.Popen(
            arguments, env={**os.environ, **self._environment}, stdout=subprocess.PIPE, stderr=log, text=True
        )
        if self._command == "serve":
            self.url = self._address()
        return self

    def _address(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        deadline, seen = time.monotonic() + START_S, ""
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self._process.stdout], [], [], 0.5)
            if ready:
                seen += self._process.stdout.readline()
            if found := re.search(r"http://[\d.]+:\d+", seen):
                return found.group()
            if self._process.poll() is not None:
                break
        raise AssertionError(f"the server did not start: {seen}")

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def terminate(self) -> int:
        """SIGTERM; its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(timeout=60)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
        return code

    def trigger(self, workflow_id: str, key: str, payload: dict[str, str]) -> str:
        """Trigger over HTTP; the id that was acknowledged."""
        request = urllib.request.Request(
            f"{self.url}/api/workflows/{workflow_id}/trigger",
            data=json.dumps(payload).encode(),
            headers={"x-api-key": key},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return str(json.load(response)["executionId"])

    def status(self, execution_id: str, key: str) -> dict[str, Any]:
        """The status object over HTTP."""
        request = urllib.request.Request(f"{self.url}/api/executions/{execution_id}", headers={"x-api-key": key})
        with urllib.request.urlopen(request, timeout=30) as response:
            shown: dict[str, Any] = json.load(response)
            return shown

    def finished(self, execution_id: str, key: str, *, within: float = 60) -> dict[str, Any]:
        """The status object once the execution is settled."""
        deadline = time.monotonic() + within
        while (shown := self.status(execution_id, key))["finishedAt"] is None:
            assert time.monotonic() < deadline, shown
            time.sleep(0.05)
        return shown

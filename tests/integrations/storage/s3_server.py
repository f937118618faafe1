"""A real S3-compatible server, SeaweedFS from its package, started on free ports of this machine."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

START_S = 90
_PORTS = ("master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc", "s3", "s3.grpc")


@dataclass(frozen=True, slots=True)
class S3Server:
    """Where it is, and the one key it knows."""

    endpoint: str
    access_key_id: str = "tester"
    secret_access_key: str = "correct-horse"


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """Start it on an empty folder; it is ended with the context.

    Raises:
        AssertionError: it does not answer.
    """
    ports = dict(zip(_PORTS, _free_ports(len(_PORTS)), strict=True))
    server = S3Server(endpoint=f"http://127.0.0.1:{ports['s3']}")
    log = (folder / "weed.log").open("w")
    process = subprocess.Popen(_command(folder, ports, server), stdout=log, stderr=log, cwd=folder)
    try:
        _until_it_answers(server, process, folder)
        yield server
    finally:
        # Asked to end, it takes longer than the tests did; of what it stored nothing matters any more.
        process.kill()
        process.wait()
        log.close()


def _command(folder: Path, ports: dict[str, int], server: S3Server) -> list[str]:
    credentials = {"accessKey": server.access_key_id, "secretKey": server.secret_access_key}
    identity = {"name": "tester", "credentials": [credentials], "actions": ["Admin", "Read", "Write", "List"]}
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [identity]}))
    data = folder / "data"
    data.mkdir()
    numbers = [f"-{name.replace('.grpc', '.port.grpc')}={port}" for name, port in ports.items() if "." in name]
    numbers += [f"-{name}.port={port}" for name, port in ports.items() if "." not in name]
    return [
        str(Path(sys.executable).parent / "weed"),
        "server",
        f"-dir={data}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-s3",
        f"-s3.config={config}",
        "-volume.max=20",
        # What is not S3 would take ports of its own.
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-master.volumeSizeLimitMB=64",
        *numbers,
    ]


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _until_it_answers(server: S3Server, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{server.endpoint}/healthz", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"the S3 server did not start: {(folder / 'weed.log').read_text()[-3000:]}")

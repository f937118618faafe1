"""The process of the local model: llama.cpp's own server, on the loopback address alone.

Started with one line of JSON on standard input; says its address in one line on standard output. It ends when standard
input does, which is when its parent is gone, however that ended.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any


def main() -> None:
    """Serve until standard input ends."""
    given = json.loads(sys.stdin.readline())
    xllamacpp: Any = import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = given["path"]
    params.model_alias = {given["name"]}
    params.n_ctx = given["context"]
    params.n_parallel = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [given["key"]]
    params.ui = False
    params.endpoint_slots = False
    params.offline = True
    params.cache_ram_mib = 0
    params.cors_origins = "http://127.0.0.1"
    if given["threads"]:
        params.cpuparams.n_threads = given["threads"]
        params.cpuparams_batch.n_threads = given["threads"]
    server = xllamacpp.Server(params)
    sys.stdout.write(json.dumps({"url": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    # The server's own threads may be in the middle of an answer that nobody waits for.
    os._exit(0)


if __name__ == "__main__":
    main()

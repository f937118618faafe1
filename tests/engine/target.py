"""A real HTTP server in the test's process for HTTP blocks to call: it counts, delays and fails as its path says."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Target:
    """Counts requests by path. ``?ms=`` delays the answer, ``?fail=N`` fails the first N requests with 503."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.keys: list[str | None] = []
        self.bodies: list[str] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        target = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                target._answer(self)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        options = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
        body = request.rfile.read(int(request.headers.get("content-length") or 0)).decode()
        with self._lock:
            self.counts[parts.path] += 1
            count = self.counts[parts.path]
            self.keys.append(request.headers.get("idempotency-key"))
            self.bodies.append(body)
        time.sleep(options.get("ms", 0) / 1000)
        answer = json.dumps({"path": parts.path, "count": count}).encode()
        try:
            request.send_response(503 if count <= options.get("fail", 0) else 200)
            request.send_header("content-length", str(len(answer)))
            request.end_headers()
            request.wfile.write(answer)
        except OSError:
            pass  # The caller was interrupted, or killed, while it waited.

    @contextmanager
    def running(self) -> Iterator[Target]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        yield self
        self._server.shutdown()
        self._server.server_close()

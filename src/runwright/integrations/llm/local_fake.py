"""Stands in for the local model's process in tests: the same start, the same protocol, an answer at once.

It answers every question with its process id, and ends without a word when it is asked to die.
"""

from __future__ import annotations

import json
import os
import sys

from runwright.integrations.http.fake import FakeServer, Reply, Seen
from runwright.integrations.llm.fake_server import answer_chat


def main() -> None:
    """Serve until standard input ends."""
    given = json.loads(sys.stdin.readline())

    def answer(seen: Seen) -> Reply:
        if seen.path == "/health":
            return Reply.of({"status": "ok"})
        if seen.headers.get("authorization") != f"Bearer {given['key']}":
            return Reply.of({"error": {"message": "Invalid API Key"}}, status=401)
        if b"please die" in seen.body:
            os._exit(3)
        return answer_chat(seen, f"process {os.getpid()} with {given['name']}")

    with FakeServer(answer) as server:
        sys.stdout.write(json.dumps({"url": server.url}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()

"""``make run``: start the server, run the release-notes example through its API on this repository's commits.

Does by the commands what a user would do by them, and remembers in the data folder what it has made, so that a second
run starts at once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]
RUNWRIGHT = Path(sys.executable).with_name("runwright")
EXAMPLE = ROOT / "examples" / "release-notes.yaml"
RESULT_BLOCK = "release-summary"
COMMITS = 40
COMMITS_FOR_LOCAL = 12
LOCAL_MODEL = "local:qwen2.5-coder-1.5b"
START_SECONDS = 120


@dataclass
class Made:
    """What earlier runs have made in this data folder."""

    workflow_id: str = ""
    example_digest: str = ""


class Failed(Exception):
    """The demo cannot go on; the text says why."""


def main() -> None:
    """Run the demo; exits with 1 and a sentence when it cannot."""
    parser = argparse.ArgumentParser(description="Start the server and run an example through its API.")
    parser.add_argument("--exit", action="store_true", help="end after the example instead of staying up")
    parser.add_argument("--model", choices=["local"], help="use the model on this machine; 1.1 GB are downloaded once")
    options = parser.parse_args()
    data_dir = Path(os.environ.get("RUNWRIGHT_DATA_DIR") or ROOT / ".data").absolute()
    os.environ["RUNWRIGHT_DATA_DIR"] = str(data_dir)
    try:
        if options.model == "local":
            prepare_local_model(data_dir)
        with Server(port=free_port(int(os.environ.get("RUNWRIGHT_PORT") or 8700))) as server:
            url = server.wait_until_up()
            run_example(url, data_dir)
            if not options.exit:
                print("\nThe server stays up. Ctrl-C stops it.", flush=True)
                server.wait()
    except Failed as error:
        sys.exit(f"make run: {error}")
    except KeyboardInterrupt:
        pass


def prepare_local_model(data_dir: Path) -> None:
    """Download the local model unless it is there, and make it the default.

    Raises:
        Failed: it could not be downloaded; what the command said is on standard error.
    """
    command = [str(RUNWRIGHT), "models", "download", "--yes", "--data-dir", str(data_dir)]
    if subprocess.run(command).returncode != 0:
        raise Failed("the local model is not there; what the download said is above")
    os.environ["RUNWRIGHT_MODELS__DEFAULT"] = LOCAL_MODEL
    print(f"{LOCAL_MODEL} writes some 15 tokens a second on two processors: the example takes a minute or two.")


def free_port(wanted: int) -> int:
    """The wanted port, or 0 (any free one) when another program has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            print(f"Port {wanted} is taken by another program; taking a free one.")
            return 0
    return wanted


class Server:
    """``runwright serve`` as a child process, its output passed on."""

    def __init__(self, *, port: int) -> None:
        # In a session of its own: Ctrl-C reaches this script alone, which then stops the server once.
        self._process = subprocess.Popen(
            [RUNWRIGHT, "serve", "--host", "127.0.0.1", "--port", str(port)],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._url = ""
        self._decided = threading.Event()
        threading.Thread(target=self._pass_on, args=(self._process.stdout,), daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(KeyboardInterrupt):
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGTERM)
            self._process.wait()

    def wait_until_up(self) -> str:
        """The server's address, once it answers.

        Raises:
            Failed: it ended instead, or did not come up in time.
        """
        if not self._decided.wait(START_SECONDS):
            raise Failed(f"the server was not up after {START_SECONDS} seconds")
        if not self._url:
            raise Failed("the server did not start; what it said is above")
        return self._url

    def wait(self) -> None:
        """Return when the server has ended."""
        self._process.wait()

    def _pass_on(self, output: IO[str]) -> None:
        for line in output:
            print(line, end="", flush=True)
            if line.startswith("Runwright is at "):
                self._url = line.split()[3]
            # The line after the address may be a sign-in link: let it be printed before ours.
            elif self._url:
                self._decided.set()
            if self._url:
                threading.Timer(0.1, self._decided.set).start()
        self._decided.set()


def run_example(url: str, data_dir: Path) -> None:
    """Trigger the example, show its progress and result, and how to do the same by hand."""
    workflow_id, key_file = prepare(data_dir)
    payload = {"release_tag": "the next release", "commits": commits()}
    print(f"\nTriggering {EXAMPLE.name} over HTTP with {payload['commits'].count(chr(10)) + 1} commits:", flush=True)
    environment = {**os.environ, "RUNWRIGHT_URL": url, "RUNWRIGHT_API_KEY": key_file.read_text().strip()}
    ended = subprocess.run(
        [RUNWRIGHT, "trigger", workflow_id, "--file", "-", "--wait", "--timeout", "600"],
        input=json.dumps(payload),
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    if ended.returncode not in (0, 1) or not ended.stdout:
        raise Failed("the example could not be triggered; what the command said is above")
    status = json.loads(ended.stdout)
    show_result(status)
    show_how(url, workflow_id=workflow_id, execution_id=status["id"], key_file=key_file)


def prepare(data_dir: Path) -> tuple[str, Path]:
    """The example's workflow id and the file with a key; both made by the first run."""
    memory, key_file = data_dir / "demo.json", data_dir / "demo.key"
    made = Made(**json.loads(memory.read_text())) if memory.exists() else Made()
    digest = hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()
    if made.example_digest != digest:
        again = ["--id", made.workflow_id] if made.workflow_id else []
        made = Made(workflow_id=runwright("workflows", "import", str(EXAMPLE), *again), example_digest=digest)
        memory.write_text(json.dumps(asdict(made)))
    if not key_file.exists():
        key_file.touch(mode=0o600)
        key_file.write_text(runwright("keys", "create", "--name", "demo") + "\n")
    return made.workflow_id, key_file


def runwright(*arguments: str) -> str:
    """Run a command and answer the one line it prints.

    Raises:
        Failed: it failed; what it said is on standard error.
    """
    ended = subprocess.run([RUNWRIGHT, *arguments], stdout=subprocess.PIPE, text=True)
    if ended.returncode != 0:
        raise Failed(f"`runwright {shlex.join(arguments)}` failed; what it said is above")
    return ended.stdout.strip()


def commits() -> str:
    """This repository's latest commits, one a line; outside a repository the changelog stands in for them."""
    count = COMMITS_FOR_LOCAL if os.environ.get("RUNWRIGHT_MODELS__DEFAULT") == LOCAL_MODEL else COMMITS
    command = ["git", "-C", str(ROOT), "log", f"-{count}", "--no-merges", "--format=%h %s"]
    try:
        log = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        log = ""
    if log:
        return log
    print("There is no git history here; the lines of CHANGELOG.md stand in for commits.")
    return (ROOT / "CHANGELOG.md").read_text()


def show_result(status: dict[str, Any]) -> None:
    """Print what the workflow wrote, and who wrote it."""
    block = status["state"]["blocks"].get(RESULT_BLOCK, {})
    print(f"\n{'─' * 72}\n{block.get('output') or status['error']}\n{'─' * 72}")
    if os.environ.get("RUNWRIGHT_MODELS__DEFAULT"):
        print(f"Written by {os.environ['RUNWRIGHT_MODELS__DEFAULT']}.")
    else:
        print(
            "Written by the scripted demo provider, no language model. For one, set for example\n"
            "RUNWRIGHT_MODELS__OPENAI_API_KEY=… RUNWRIGHT_MODELS__DEFAULT=openai:gpt-5-mini and run again,\n"
            "or use a model on this machine (1.1 GB, once): make run MODEL=local"
        )


def show_how(url: str, *, workflow_id: str, execution_id: str, key_file: Path) -> None:
    """Print the two calls as a user would type them."""
    place = key_file.relative_to(Path.cwd()) if key_file.is_relative_to(Path.cwd()) else key_file
    print(f"""
Do the same yourself:

  export RUNWRIGHT_API_KEY=$(cat {place})
  curl -X POST {url}/api/workflows/{workflow_id}/trigger \\
    -H "x-api-key: $RUNWRIGHT_API_KEY" -H "Content-Type: application/json" \\
    -d '{{"commits": "feat: a first commit"}}'
  curl {url}/api/executions/{execution_id} -H "x-api-key: $RUNWRIGHT_API_KEY"

API description: {url}/api/docs""")


if __name__ == "__main__":
    main()

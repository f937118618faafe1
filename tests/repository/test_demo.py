"""``make run`` does what the README says."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def demo(data_dir: Path, port: int) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RUNWRIGHT_")}
    environment |= {"RUNWRIGHT_DATA_DIR": str(data_dir), "RUNWRIGHT_PORT": str(port)}
    return subprocess.run(
        [sys.executable, "scripts/demo.py", "--exit"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=300,
    )


def test_the_example_runs_twice_beside_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        first = demo(tmp_path, taken)
        assert first.returncode == 0, first.stdout + first.stderr
        assert f"Port {taken} is taken" in first.stdout
        second = demo(tmp_path, taken)
    for run in (first, second):
        assert "Release notes: completed" in run.stderr
        assert "demo provider, no language model" in run.stdout
        assert "/trigger" in run.stdout
    assert "Its secret is shown this once" not in second.stderr
    assert stat.S_IMODE((tmp_path / "demo.key").stat().st_mode) == 0o600

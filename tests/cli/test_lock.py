"""The lock on the data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runwright.cli import lock

HOLD = """
import sys
from pathlib import Path
from runwright.cli import lock
with lock.exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_holder_is_told_who_is_first(tmp_path: Path) -> None:
    with (
        lock.exclusive(tmp_path),
        pytest.raises(lock.FolderInUse, match=f"process {os.getpid()} .*--data-dir"),
        lock.exclusive(tmp_path),
    ):
        pass


def test_the_lock_goes_with_its_process_however_it_dies(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert lock.holder(tmp_path) == holder.pid
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert lock.holder(tmp_path) is None
    with lock.exclusive(tmp_path):
        pass


def test_nobody_holds_a_fresh_folder_and_asking_makes_no_file(tmp_path: Path) -> None:
    assert lock.holder(tmp_path) is None
    assert list(tmp_path.iterdir()) == []

"""What the web app knows of the API is generated, and must be what the server offers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_generated_types_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "web.py", "types", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

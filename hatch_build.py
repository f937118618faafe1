"""Builds the web app into the wheel, with a Node that pip installs for the build alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebAppHook(BuildHookInterface[Any]):
    """Runs before a wheel is put together. An editable install has its app built by ``make setup``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the app, unless this is an editable install."""
        if version != "editable":
            subprocess.run([sys.executable, Path(self.root, "scripts", "web.py"), "build"], check=True)

"""The application with this machine's own servers open to it."""

from __future__ import annotations

import sys

import pytest

from runwright.config import HttpSettings, McpSettings, Settings


@pytest.fixture
def app_settings(settings: Settings) -> Settings:
    """Both transports may be used: HTTP on this machine, and this Python as a command."""
    return settings.model_copy(
        update={
            "http": HttpSettings(allow_hosts=frozenset({"127.0.0.1"})),
            "mcp": McpSettings(stdio_commands=frozenset({sys.executable}), call_seconds=20),
        }
    )

"""The frame of the command line: fast, complete, and helpful."""

from __future__ import annotations

import subprocess
import sys

import pytest

from runwright import __version__
from runwright.cli import COMMANDS

from .conftest import Run

HEAVY = ("fastapi", "sqlalchemy", "dbos", "pydantic_ai", "alembic", "httpx", "rich", "structlog", "uvicorn")


@pytest.mark.parametrize("arguments", [["--help"], ["trigger", "--help"], ["status", "--help"], ["serve", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = f"""
import sys
from runwright import cli
try:
    cli.main({arguments!r})
except SystemExit as ended:
    assert ended.code == 0
print("heavy:", [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "heavy: []" in ended.stderr


def test_the_overview_names_every_command(run: Run) -> None:
    ended = run("--help")
    assert ended.code == 0
    for name, command in COMMANDS.items():
        assert name in ended.out
        assert command.summary in ended.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, name: str) -> None:
    ended = run(name, "--help")
    assert ended.code == 0
    assert "xample" in ended.out
    assert f"runwright {name}" in ended.out


def test_version(run: Run) -> None:
    assert run("--version").out == f"runwright {__version__}\n"


def test_a_misspelt_command_is_told_what_was_meant(run: Run) -> None:
    ended = run("triger")
    assert ended.code == 2
    assert "Did you mean 'trigger'" in ended.err


def test_without_arguments_there_is_help(run: Run) -> None:
    assert "serve" in run().out + run().err

"""Reads workflow files for commands, and prints what is wrong in them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common

if TYPE_CHECKING:
    from runwright.workflows.definition import WorkflowFileError
    from runwright.workflows.parser import Prepared

FileArgument = Annotated[Path, typer.Argument(metavar="FILE.yaml", help="The workflow file; - reads standard input.")]


def read(file: Path) -> Prepared:
    """The file, checked; mistakes are printed and end the command."""
    from runwright.workflows.definition import WorkflowFileError
    from runwright.workflows.parser import prepare

    try:
        return prepare(_bytes(file))
    except WorkflowFileError as error:
        _print_problems(file, error)
        raise typer.Exit(common.USAGE) from error


def is_valid(file: Path) -> bool:
    """Whether the file has no mistake; those it has are printed."""
    from runwright.workflows.definition import WorkflowFileError
    from runwright.workflows.parser import prepare

    try:
        prepare(_bytes(file))
    except WorkflowFileError as error:
        _print_problems(file, error)
        return False
    return True


def _bytes(file: Path) -> bytes:
    from runwright.workflows.nodes import MAX_BYTES

    try:
        if file == Path("-"):
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        common.fail(f"{file} cannot be read: {error.strerror}", code=common.USAGE)


def _print_problems(file: Path, error: WorkflowFileError) -> None:
    for problem in error.problems:
        common.note(f"{file}:{problem.line}:{problem.column}: {problem.message}")

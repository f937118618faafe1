"""The ``runwright`` command. Only the module of the sub-command that was asked for is imported."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated

import typer

from runwright import __version__


@dataclass(frozen=True, slots=True)
class Command:
    """A sub-command: its line in the overview, and the module that has it.

    The module has ``app``, a group of commands, or a function ``command``. A group gives its ``example`` here, the
    others in their own help.
    """

    summary: str
    module: str
    example: str = ""


COMMANDS = {
    "serve": Command("Run the server: API, web app and engine in one process.", "runwright.cli.serve"),
    "worker": Command("Add hands: another process that drives executions.", "runwright.cli.worker"),
    "migrate": Command("Bring the database's schema up to date.", "runwright.cli.migrate"),
    "keys": Command("Make, list and delete API keys.", "runwright.cli.keys", "runwright keys create --name ci"),
    "workflows": Command(
        "Import, export, list and check workflow files.",
        "runwright.cli.workflows",
        "runwright workflows import examples/release-notes.yaml",
    ),
    "admin": Command(
        "Organizations, users, members, projects and credit.",
        "runwright.cli.admin",
        "runwright admin projects create Website",
    ),
    "reviews": Command(
        "List what waits for a person, and decide it.",
        "runwright.cli.reviews",
        "runwright reviews list",
    ),
    "models": Command(
        "List the language models; download the local one.",
        "runwright.cli.models",
        "runwright models list",
    ),
    "trigger": Command("Start a workflow through a server's API.", "runwright.cli.trigger"),
    "status": Command("Show an execution, or follow it to its end.", "runwright.cli.status"),
    "backup": Command("Copy the database to a file, while the server runs.", "runwright.cli.backup"),
    "doctor": Command("Look for what is wrong, and say what to do.", "runwright.cli.doctor"),
}

_EPILOG = """Examples:

  runwright serve

  runwright workflows import examples/release-notes.yaml

  runwright trigger ID -i release_tag=v1 --wait"""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with the command's exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    wanted = next((argument for argument in arguments if not argument.startswith("-")), None)
    build(wanted)(args=arguments, prog_name="runwright")


def build(wanted: str | None) -> typer.Typer:
    """The command-line application, in which only the wanted sub-command is real and the rest are names."""
    app = typer.Typer(
        help="A self-hosted platform for AI workflows.",
        epilog=_EPILOG,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        callback=_root,
    )
    for name, command in COMMANDS.items():
        if name == wanted:
            _register(app, name, command)
        else:
            app.command(name, help=command.summary)(_not_loaded)
    return app


def _register(app: typer.Typer, name: str, command: Command) -> None:
    module = import_module(command.module)
    if hasattr(module, "app"):
        epilog = f"Example: {command.example}"
        app.add_typer(module.app, name=name, help=command.summary, epilog=epilog, no_args_is_help=True)
    else:
        app.command(name)(module.command)


def _not_loaded() -> None:
    raise AssertionError("a sub-command that was not asked for was called")


def _version(asked: bool) -> None:
    if asked:
        print(f"runwright {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass

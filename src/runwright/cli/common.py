"""What the commands share: opening the installation, printing, and failing in clear words.

Standard output carries results alone, so that a script can read them; everything said to a person goes to standard
error. Exit code 1 is a failure, 2 a wrong use of the command.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from pydantic import ValidationError

    from runwright.accounts.bootstrap import Defaults
    from runwright.accounts.repository import Span
    from runwright.config import Settings
    from runwright.db.database import Database
    from runwright.kit.json import Json
    from runwright.kit.pages import Page
    from runwright.kit.schemas import ApiModel

T = TypeVar("T")

FAILURE = 1
USAGE = 2

DataDirOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder of the embedded database. Default: RUNWRIGHT_DATA_DIR, or .data here. "
        "With RUNWRIGHT_DATABASE_URL set, that database is worked on.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
OrgOption = Annotated[
    str | None,
    typer.Option("--org", help="Organization, by id or name. Default: the first start's.", show_default=False),
]
ProjectOption = Annotated[
    str | None,
    typer.Option("--project", help="Project, by id or name. Default: the first start's.", show_default=False),
]
UserOption = Annotated[
    str | None,
    typer.Option("--user", help="User, by id, e-mail or name. Default: an owner.", show_default=False),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def note(message: str) -> None:
    """Say something to the person at the terminal, on standard error."""
    print(message, file=sys.stderr)


def fail(message: str, *, code: int = FAILURE) -> NoReturn:
    """End the command with a message on standard error."""
    note(f"Error: {message}")
    raise typer.Exit(code)


def print_rows(rows: Sequence[Mapping[str, Json]], *, as_json: bool = False) -> None:
    """Print a list: a table whose columns are the keys of the first row, or a JSON array."""
    if as_json:
        print(json.dumps(list(rows), ensure_ascii=False, indent=2))
        return
    if not rows:
        note("Nothing to list.")
        return
    columns = list(rows[0])
    lines = [[name.replace("_", " ").upper() for name in columns]]
    lines += [[_cell(row[name]) for name in columns] for row in rows]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def print_models(models: Sequence[ApiModel], *, as_json: bool = False) -> None:
    """Print a list of what ``/api/v1`` answers: as a table, or as the same JSON."""
    print_rows([model.model_dump(mode="json", by_alias=as_json) for model in models], as_json=as_json)


def every(listed: Callable[[Span], Page[T]]) -> Iterator[T]:
    """All items of a list that is given in pages."""
    from runwright.accounts.repository import Span
    from runwright.kit.pages import MAX_LIMIT

    page = listed(Span(limit=MAX_LIMIT))
    yield from page.items
    while page.next_cursor is not None:
        page = listed(Span(limit=MAX_LIMIT, after=page.next_cursor))
        yield from page.items


def confirm(question: str, *, yes: bool) -> None:
    """Ask a person at the terminal before something is lost; a script, which has no terminal, means what it says."""
    if not yes and sys.stdin.isatty():
        typer.confirm(question, abort=True, err=True)


def _cell(value: Json) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def load_settings(*, data_dir: Path | None = None, **overrides: Json) -> Settings:
    """The settings from arguments, environment and file; a wrong one ends the command and is named.

    ``overrides`` that are None are left to the environment.
    """
    from pydantic import ValidationError

    from runwright.config import Settings

    given = {name: value for name, value in {"data_dir": data_dir, **overrides}.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        fail(_wrong_settings(error), code=USAGE)
    except (OSError, ValueError) as error:
        fail(f"The file that RUNWRIGHT_CONFIG names cannot be read: {error}", code=USAGE)


def _wrong_settings(error: ValidationError) -> str:
    """Name each wrong setting without repeating its value, which may be a secret."""
    problems = [
        "RUNWRIGHT_" + "__".join(str(part).upper() for part in e["loc"]) + f": {e['msg']}" for e in error.errors()
    ]
    return "Wrong settings. " + "; ".join(problems)


@dataclass
class Installation:
    """The opened installation: its settings, its database, and what is meant where nothing is named."""

    settings: Settings
    database: Database

    @cached_property
    def defaults(self) -> Defaults:
        """The organization, project and owner of the first start, made now if there was none."""
        from runwright.accounts.bootstrap import ensure_default, find_complete_default

        return self.database.read_sync(find_complete_default) or self.database.write_sync(ensure_default)


@contextmanager
def installation(data_dir: Path | None, *, prepare: bool = True) -> Iterator[Installation]:
    """Open the installation for a command, beside a running server or without one.

    An embedded database is made or brought up to date on the way; a PostgreSQL one must have been migrated. Without
    ``prepare`` the database is taken as it stands, whatever its schema. What goes wrong inside the ``with`` (a
    :class:`~runwright.errors.ProductError`, a database that is away) ends the command with exit code 1 and its message
    on standard error.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from runwright.db.database import open_database
    from runwright.db.schema import SchemaFromTheFuture
    from runwright.errors import ProductError

    settings = load_settings(data_dir=data_dir)
    try:
        database = open_database(settings)
        try:
            if prepare:
                _prepare(database)
            yield Installation(settings=settings, database=database)
        finally:
            database.close_sync()
    except ProductError as error:
        fail(error.message)
    except SchemaFromTheFuture as error:
        fail(str(error))
    except SQLAlchemyError as error:
        fail(_database_trouble(error))
    except OSError as error:
        fail(f"The data folder cannot be used: {error}")


def _prepare(database: Database) -> None:
    from runwright.db.schema import SchemaState, migrate, require_not_future

    if database.dialect == "sqlite":
        migrate(database)
    elif database.read_sync(require_not_future) is not SchemaState.CURRENT:
        fail("The database is not set up for this version. Run: runwright migrate")


def _database_trouble(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return f"The database cannot be used: {str(cause).strip()}"

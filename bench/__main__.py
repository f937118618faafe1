"""``python -m bench``: measure a server of this source tree, print a table, write JSON."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import machine, measures
from bench.calls import BenchFailed
from bench.databases import postgres
from bench.floors import Place
from bench.installation import Installation
from bench.report import table, write_json
from bench.sizes import FULL, QUICK


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    quick: bool
    postgres: bool
    json: Path


def read_options(arguments: Sequence[str]) -> Options:
    """Read the command line; ends the process on a wrong one."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure against the floors of this machine.")
    parser.add_argument("--quick", action="store_true", help="a few seconds, to see that it works; figures mean little")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of its own instead of SQLite")
    parser.add_argument(
        "--json", type=Path, default=Path("bench.json"), help="where to write it (default: %(default)s)"
    )
    return Options(**vars(parser.parse_args(arguments)))


def main(arguments: Sequence[str]) -> None:
    """Measure, print and write.

    Raises:
        BenchFailed: the server or the calls failed.
    """
    options = read_options(arguments)
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="runwright-bench-")))
        server = held.enter_context(postgres(folder)) if options.postgres else None
        known = machine.facts(folder, postgres=server.version if server else None)
        _say_where(known)
        data = folder / "data"
        data.mkdir()
        figures = measures.run(
            Installation(data, database_url=server.product_url if server else None),
            place=Place(folder, database_url=server.floor_url if server else None),
            sizes=QUICK if options.quick else FULL,
        )
    database = "postgresql" if options.postgres else "sqlite"
    print(table(figures))
    write_json(options.json, database=database, quick=options.quick, machine=known, figures=figures)


def _say_where(known: dict[str, machine.Fact]) -> None:
    print(", ".join(f"{name} {value}" for name, value in known.items() if value is not None))
    for doubt in machine.doubts(known):
        print(f"Note: {doubt}")
    print(flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BenchFailed as error:
        sys.exit(f"bench: {error}")

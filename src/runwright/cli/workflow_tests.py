"""``runwright workflows test``, ``record`` and ``compare``: what workflow files do, without a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common
from runwright.cli.workflow_files import FileArgument, read

if TYPE_CHECKING:
    import sqlalchemy as sa

    from runwright.cli.bench.testing import Outcome
    from runwright.config import Settings
    from runwright.recordings.player import Mode
    from runwright.services import Stored

TimeoutOption = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds that one run may take.")]
OnlyOption = Annotated[list[str] | None, typer.Option("--only", help="Run only the test of this name (repeatable).")]
LiveOption = Annotated[bool, typer.Option("--live", help="Ask servers and models anew, which may cost money.")]
SetUpProjectOption = Annotated[
    str | None,
    typer.Option(
        "--project",
        help="Use the connections and model providers of this project of the installation, by id or name.",
        show_default=False,
    ),
]


def run_tests(
    file: FileArgument,
    junit: Annotated[Path | None, typer.Option("--junit", help="Write JUnit XML to this file.")] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Ask servers and models, and keep their answers beside the file.")
    ] = False,
    live: LiveOption = False,
    only: OnlyOption = None,
    timeout: TimeoutOption = 60.0,
    project: SetUpProjectOption = None,
    org: common.OrgOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Run the tests that a workflow file has, without a server, and print what differs.

    Blocks that a test has no stub for run. What they ask servers and models is answered from FILE.recordings.yaml, so
    that it is free and always the same; what is not recorded fails. With --record everything is asked and recorded.
    The demo provider is always asked. The exit code is 0 when all passed, 1 when one failed, 2 when the file has a
    mistake or no test.

    Example: runwright workflows test examples/tested.yaml --junit results.xml
    """
    from runwright.recordings.player import Mode

    if record and live:
        common.fail("--record and --live exclude each other", code=common.USAGE)
    mode = Mode.RECORD if record else Mode.LIVE if live else Mode.REPLAY
    with _set_up(data_dir, project=project, org=org) as (settings, stored):
        from runwright.cli.bench import testing

        wanted = testing.Suite(file, read(file), mode=mode, seconds=timeout, only=only or ())
        if not wanted.tests:
            common.fail(_no_test(file, only), code=common.USAGE)
        with _recordings_usable():
            outcomes = testing.run_tests(wanted, settings, stored=stored)
        _print_outcomes(outcomes, mode=mode)
        if junit is not None:
            junit.write_text(testing.junit(wanted.prepared.definition.name, outcomes), "utf-8")
    if any(outcome.differences for outcome in outcomes):
        raise typer.Exit(common.FAILURE)


def _no_test(file: Path, only: list[str] | None) -> str:
    if only:
        return f"{file} has no test {' or '.join(map(repr, only))}"
    return f"{file} has no tests; add a section 'tests'"


@contextmanager
def _set_up(data_dir: Path | None, *, project: str | None, org: str | None) -> Iterator[tuple[Settings, Stored | None]]:
    """The settings, and what a project of the installation has set up when one is meant."""
    if project is None and org is None and data_dir is None:
        yield common.load_settings(), None
        return
    with common.installation(data_dir) as opened:
        from runwright.cli import references
        from runwright.recordings.services import Elsewhere

        def find(conn: sa.Connection) -> tuple[str, str]:
            project_id = references.project_id(conn, project, org=org)
            return references.org_of_project(conn, project_id), project_id

        home_org, home_project = opened.database.write_sync(find)
        yield opened.settings, Elsewhere(opened.database, opened.settings, home_org, home_project)


@contextmanager
def _recordings_usable() -> Iterator[None]:
    from runwright.recordings.tape import RecordingsError

    try:
        yield
    except RecordingsError as error:
        common.fail(str(error), code=common.USAGE)


def _print_outcomes(outcomes: list[Outcome], *, mode: Mode) -> None:
    for outcome in outcomes:
        print(f"{'FAILED' if outcome.differences else 'passed'}  {outcome.name}{_origin(outcome, mode)}")
        for difference in outcome.differences:
            print(f"        {difference}")
        if outcome.unused:
            print(f"        note: {outcome.unused} recorded answers were not asked for")
    failed = sum(bool(outcome.differences) for outcome in outcomes)
    print(f"{len(outcomes) - failed} passed, {failed} failed")


def _origin(outcome: Outcome, mode: Mode) -> str:
    from runwright.kit.money import format_usd

    tally = outcome.tally
    if tally.asked:
        word = "recorded" if mode == "record" else "asked"
        price = "price not known" if tally.unpriced else f"{format_usd(tally.spent)} US dollars"
        return f"  ({tally.asked} answers {word}, {price})"
    return f"  ({tally.replayed} answers replayed)" if tally.replayed else ""


def record() -> None:
    """Later."""


def compare() -> None:
    """Later."""

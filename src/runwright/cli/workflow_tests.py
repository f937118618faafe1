"""``runwright workflows test``, ``record`` and ``compare``: what workflow files do, without a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common
from runwright.cli.workflow_files import FileArgument, read

if TYPE_CHECKING:
    import sqlalchemy as sa

    from runwright.cli.bench.comparing import Result, Variant
    from runwright.cli.bench.from_run import MadeTest
    from runwright.cli.bench.testing import Outcome
    from runwright.config import Settings
    from runwright.recordings.player import Mode
    from runwright.services import Stored
    from runwright.workflows.tests_section import WorkflowTest

_DIFF_LINES = 40

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
    from runwright.observability import logs

    settings = common.load_settings(data_dir=data_dir)
    logs.configure(settings.log.model_copy(update={"level": "error"}))
    if project is None and org is None and data_dir is None:
        yield settings, None
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


def record(
    execution_id: Annotated[str, typer.Argument(metavar="EXECUTION", help="The execution's id.")],
    name: Annotated[str | None, typer.Option("--name", help="Name of the test.", show_default=False)] = None,
    into: Annotated[
        Path | None, typer.Option("--into", help="Put the test into this workflow file instead of printing it.")
    ] = None,
    org: common.OrgOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Make a test of a run that has ended: its inputs, what models answered, and what came of it.

    Agent blocks get what their models answered; blocks that asked other servers or used tools become stubs that say
    what they said. Secrets are hidden as far as they look like secrets: read the test before you commit it.

    Example: runwright workflows record 01a20abb-c83d-720b-956a-9d02dfdd1ed --into release-notes.yaml
    """
    with common.installation(data_dir) as opened:
        from runwright.cli import references
        from runwright.cli.bench import from_run

        def make(conn: sa.Connection) -> from_run.MadeTest:
            org_id = references.org_id(conn, org)
            return from_run.made_of(conn, org_id, execution_id, name=name or f"as in execution {execution_id}")

        try:
            made = opened.database.read_sync(make)
        except from_run.NotATest as error:
            common.fail(str(error))
    if into is None:
        print(f"tests:\n{made.yaml('  ')}", end="")
    else:
        _put_into(into, made)
    for note in made.notes:
        common.note(f"Note: {note}.")


def _put_into(file: Path, made: MadeTest) -> None:
    from runwright.cli.bench.from_run import put_into
    from runwright.workflows.definition import WorkflowFileError
    from runwright.workflows.parser import prepare

    read(file)
    text = put_into(file.read_text("utf-8"), made)
    if text is None:
        common.fail(f"{file} has its tests on one line; write them as a list, a line for each", code=common.USAGE)
    try:
        prepare(text.encode())
    except WorkflowFileError as error:
        common.fail(f"The test does not fit {file}: {error}")
    file.write_text(text, "utf-8")
    common.note(f"Added to {file}. Run it with: runwright workflows test {file}")


def compare(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.yaml...", help="One version of the workflow, or more.")],
    model: Annotated[
        list[str] | None, typer.Option("--model", help="Let all agent blocks ask this model, vendor:name (repeatable).")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", help="Workflow file whose tests are the cases. Default: the first file.")
    ] = None,
    inputs: Annotated[
        Path | None, typer.Option("--inputs", help="JSON or YAML file with a list of inputs, each a case.")
    ] = None,
    live: LiveOption = False,
    record: Annotated[bool, typer.Option("--record", help="As --live, and keep the answers for next time.")] = False,
    as_json: common.JsonOption = False,
    timeout: TimeoutOption = 60.0,
    project: SetUpProjectOption = None,
    org: common.OrgOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Run the same cases through versions of a workflow, or through models, and show where they part.

    What the tests have recorded is played again in each: servers answer the same, and models where they are asked the
    same. The rest is asked with --live alone. Each line says how many answers were replayed, how many asked anew and
    what those cost. The exit code is 0 when all did what is expected, 1 when one did not.

    Example: runwright workflows compare v1.yaml v2.yaml --model openai:gpt-5-mini --model openai:gpt-5 --record
    """
    with _set_up(data_dir, project=project, org=org) as (settings, stored), _recordings_usable():
        from runwright.cli.bench import comparing

        wanted = comparing.Comparison(
            base=cases or files[0],
            variants=_variants(files, model or []),
            cases=_cases(cases or files[0], inputs),
            asks=live or record,
            keeps=record,
            seconds=timeout,
        )
        results = comparing.compare(wanted, settings, stored=stored)
    if as_json:
        print(json.dumps([result.json() for result in results], ensure_ascii=False, indent=2))
    else:
        _print_comparison(results)
    if any(result.wrong for result in results):
        raise typer.Exit(common.FAILURE)


def _variants(files: list[Path], models: list[str]) -> list[Variant]:
    from runwright.cli.bench.comparing import Variant

    if len(files) * max(len(models), 1) < 2:
        common.fail("There is nothing to compare: name two files, or --model twice", code=common.USAGE)
    read_files = [(str(file), read(file)) for file in files]
    if not models:
        return [Variant(name, prepared) for name, prepared in read_files]
    return [
        Variant(model if len(files) == 1 else f"{name} {model}", prepared, model)
        for name, prepared in read_files
        for model in models
    ]


def _cases(file: Path, inputs: Path | None) -> list[WorkflowTest]:
    from runwright.workflows.tests_section import WorkflowTest

    if inputs is None:
        found = [test for test in read(file).definition.tests if isinstance(test, WorkflowTest)]
        if not found:
            common.fail(f"{file} has no tests to compare on; add some, or name --inputs", code=common.USAGE)
        return found
    import yaml

    try:
        listed = yaml.safe_load(inputs.read_text("utf-8"))
        texts = [{str(name): str(value) for name, value in one.items()} for one in listed]
    except (OSError, yaml.YAMLError, AttributeError, TypeError) as error:
        common.fail(f"{inputs} is no list of inputs, each a mapping of names to texts ({error})", code=common.USAGE)
    return [WorkflowTest(name=f"input {number}", inputs=one) for number, one in enumerate(texts, start=1)]


def _print_comparison(results: list[Result]) -> None:
    common.print_rows([result.line() for result in results])
    for result in results:
        for sentence in result.wrong:
            print(f"\n{result.case}, {result.variant}: {sentence}", end="")
        for key, lines in result.differs.items():
            print(f"\n{result.case}, {result.variant}, block {key}:")
            print("\n".join(f"  {line}" for line in lines[:_DIFF_LINES]))
            if len(lines) > _DIFF_LINES:
                print(f"  … {len(lines) - _DIFF_LINES} more lines; --json has both outputs")

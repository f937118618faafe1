"""Runs the tests of a workflow file, from its recordings or into them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from runwright.cli.bench.expectations import differences
from runwright.cli.bench.running import Bench, open_bench
from runwright.config import Settings
from runwright.kit.clock import iso, now_ms
from runwright.recordings import tape
from runwright.recordings.player import Mode, Session, Tally
from runwright.recordings.tape import Recordings, Tape
from runwright.services import Stored
from runwright.workflows.parser import Prepared
from runwright.workflows.tests_section import WorkflowTest


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a test went. ``differences`` are sentences, none when it passed; ``seconds`` is how long it took.

    ``unused`` counts recorded answers that nobody asked for.
    """

    name: str
    differences: Sequence[str]
    seconds: float
    tally: Tally = field(default_factory=Tally)
    unused: int = 0


@dataclass(frozen=True, slots=True)
class Suite:
    """A workflow file whose tests are to be run. ``only`` has the names of some; empty: all."""

    file: Path
    prepared: Prepared
    mode: Mode = Mode.REPLAY
    seconds: float = 60.0
    only: Sequence[str] = ()

    @property
    def tests(self) -> list[WorkflowTest]:
        """The tests that are to be run."""
        found = [test for test in self.prepared.definition.tests if isinstance(test, WorkflowTest)]
        return [test for test in found if not self.only or test.name in self.only]


def run_tests(suite: Suite, settings: Settings, *, stored: Stored | None = None) -> list[Outcome]:
    """Run the tests one after another, and write what was recorded.

    Raises:
        RecordingsError: the recordings cannot be used.
        OSError: they cannot be read or written.
    """
    path = tape.path_beside(suite.file)
    recordings = tape.load(path)
    outcomes = asyncio.run(_run_all(suite, settings, recordings=recordings, stored=stored))
    if suite.mode is Mode.RECORD:
        _keep_known(recordings, suite.prepared)
        tape.save(path, recordings, workflow=suite.file.name)
    return outcomes


async def _run_all(suite: Suite, settings: Settings, *, recordings: Recordings, stored: Stored | None) -> list[Outcome]:
    async with open_bench(settings, stored=stored) as bench:
        return [await _outcome(bench, suite, test, recordings) for test in suite.tests]


async def _outcome(bench: Bench, suite: Suite, test: WorkflowTest, recordings: Recordings) -> Outcome:
    recorded = Tape() if suite.mode is Mode.RECORD else recordings.tests.get(test.name, Tape())
    session = Session(
        mode=suite.mode,
        test=test.name,
        tape=recorded,
        answers=test.answers,
        remedy=f"record it with: runwright workflows test {suite.file} --record --only {test.name!r}",
    )
    ran = await bench.run(suite.prepared, test, session=session, seconds=suite.seconds)
    if suite.mode is Mode.RECORD:
        _record(recordings, session, suite.prepared)
    return Outcome(
        name=test.name,
        differences=differences(ran, test, seconds=suite.seconds),
        seconds=ran.seconds,
        tally=session.tally,
        unused=session.unused(),
    )


def _record(recordings: Recordings, session: Session, prepared: Prepared) -> None:
    if not session.kept:
        recordings.tests.pop(session.test, None)
        return
    recordings.tests[session.test] = Tape(
        recorded_at=iso(now_ms()) or "",
        default_model=session.tape.default_model,
        answers=tape.in_order(session.kept, prepared.definition.order),
    )


def _keep_known(recordings: Recordings, prepared: Prepared) -> None:
    """Drop the recordings of tests that are no more, and give the others the order of the file."""
    names = [test.name for test in prepared.definition.tests if isinstance(test, WorkflowTest)]
    recordings.tests = {name: recordings.tests[name] for name in names if name in recordings.tests}


def junit(name: str, outcomes: Sequence[Outcome]) -> str:
    """The outcomes as JUnit XML, which CI systems show."""
    failed = sum(bool(outcome.differences) for outcome in outcomes)
    suite = ElementTree.Element("testsuite", name=name, tests=str(len(outcomes)), failures=str(failed))
    for outcome in outcomes:
        case = ElementTree.SubElement(suite, "testcase", classname=name, name=outcome.name)
        case.set("time", f"{outcome.seconds:.3f}")
        if outcome.differences:
            failure = ElementTree.SubElement(case, "failure", message=outcome.differences[0])
            failure.text = "\n".join(outcome.differences)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)

"""Runs the same cases through versions of a workflow and through models, and tells where they part."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from runwright.blocks.agent import AgentConfig
from runwright.cli.bench.expectations import differences, expected_count
from runwright.cli.bench.running import Bench, Ran, open_bench
from runwright.config import Settings
from runwright.kit.clock import iso, now_ms
from runwright.kit.json import Json
from runwright.kit.money import format_usd
from runwright.recordings import tape
from runwright.recordings.player import Mode, Session, Tally
from runwright.recordings.tape import Recordings, Tape
from runwright.services import Stored
from runwright.workflows.definition import BlockDefinition, WorkflowDefinition
from runwright.workflows.parser import Prepared
from runwright.workflows.tests_section import WorkflowTest


@dataclass(frozen=True, slots=True)
class Variant:
    """A version of the workflow; ``model`` is what all its agent blocks ask, if one is chosen for them."""

    name: str
    prepared: Prepared
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is to be compared on what. ``base`` is the file whose recordings are played.

    ``asks`` lets requests out that are not recorded; ``keeps`` adds their answers to a recording for comparisons.
    """

    base: Path
    variants: Sequence[Variant]
    cases: Sequence[WorkflowTest]
    asks: bool = False
    keeps: bool = False
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Result:
    """One case in one variant. ``differs`` has the blocks whose output is not that of the first variant, as diffs."""

    case: str
    variant: str
    ran: Ran
    tally: Tally
    expected: int
    wrong: Sequence[str]
    differs: dict[str, Sequence[str]]

    @property
    def status(self) -> str:
        """How the case ended."""
        return self.ran.shown["status"] if self.ran.shown else "not ended"

    def line(self) -> dict[str, Json]:
        """The line of a table."""
        ran, tally = self.ran, self.tally
        return {
            "case": self.case,
            "variant": self.variant,
            "status": self.status,
            "expected": f"{self.expected - len(self.wrong)} of {self.expected}",
            "tokens in": ran.input_tokens,
            "tokens out": ran.output_tokens,
            "cost": format_usd(ran.cost) if ran.priced else "not known",
            "seconds": f"{ran.seconds:.1f}",
            "replayed": tally.replayed,
            "asked": tally.asked,
            "paid now": "not known" if tally.unpriced else format_usd(tally.spent),
            "differs": ", ".join(self.differs) or "-",
        }

    def json(self) -> dict[str, Json]:
        """All of it."""
        ran, tally = self.ran, self.tally
        blocks = ran.shown["state"]["blocks"] if ran.shown else {}
        return {
            "case": self.case,
            "variant": self.variant,
            "status": self.status,
            "error": ran.shown["error"] if ran.shown else None,
            "expectations": {"count": self.expected, "wrong": list(self.wrong)},
            "tokens": {"input": ran.input_tokens, "output": ran.output_tokens},
            "costUsd": format_usd(ran.cost) if ran.priced else None,
            "seconds": round(ran.seconds, 3),
            "answers": {"replayed": tally.replayed, "asked": tally.asked},
            "paidUsd": None if tally.unpriced else format_usd(tally.spent),
            "outputs": {key: block["output"] for key, block in blocks.items()},
            "differs": {key: list(lines) for key, lines in self.differs.items()},
        }


def compare(comparison: Comparison, settings: Settings, *, stored: Stored | None = None) -> list[Result]:
    """Run every case in every variant, case by case.

    Raises:
        RecordingsError: the recordings cannot be used.
        OSError: they cannot be read or written.
    """
    tests, path = tape.load(tape.path_beside(comparison.base)), compared_path(comparison.base)
    compared = tape.load(path)
    results = asyncio.run(_all(comparison, settings, tests=tests, compared=compared, stored=stored))
    if comparison.keeps:
        tape.save(path, compared, workflow=comparison.base.name)
    return results


def compared_path(base: Path) -> Path:
    """Where answers that were asked for comparisons are kept, apart from those of the tests."""
    return base.with_name(f"{base.stem}.compared.yaml")


async def _all(
    comparison: Comparison, settings: Settings, *, tests: Recordings, compared: Recordings, stored: Stored | None
) -> list[Result]:
    results: list[Result] = []
    async with open_bench(settings, stored=stored) as bench:
        for case in comparison.cases:
            first: Ran | None = None
            for variant in comparison.variants:
                result = await _one(bench, comparison, case, variant, tests=tests, compared=compared, first=first)
                first = first or result.ran
                results.append(result)
    return results


async def _one(
    bench: Bench,
    comparison: Comparison,
    case: WorkflowTest,
    variant: Variant,
    *,
    tests: Recordings,
    compared: Recordings,
    first: Ran | None,
) -> Result:
    known, added = tests.tests.get(case.name, Tape()), compared.tests.get(case.name, Tape())
    session = Session(
        mode=Mode.FILL if comparison.asks else Mode.REPLAY,
        test=case.name,
        tape=Tape(default_model=known.default_model, answers=[*known.answers, *added.answers]),
        answers={} if variant.model else case.answers,
        remedy="ask for it with --live, or with --record to keep the answer, too",
    )
    fitting = _fitting(case, variant)
    prepared = replace(variant.prepared, definition=_with_model(variant.prepared.definition, variant.model))
    ran = await bench.run(prepared, fitting, session=session, seconds=comparison.seconds)
    if comparison.keeps:
        old = {id(entry) for entry in session.tape.answers}
        new = [entry for entry in session.kept if id(entry) not in old]
        compared.tests[case.name] = Tape(recorded_at=iso(now_ms()) or "", answers=[*added.answers, *new])
    return Result(
        case=case.name,
        variant=variant.name,
        ran=ran,
        tally=session.tally,
        expected=expected_count(fitting),
        wrong=differences(ran, fitting, seconds=comparison.seconds),
        differs={} if first is None else _differing(first, ran),
    )


def _fitting(case: WorkflowTest, variant: Variant) -> WorkflowTest:
    """The case without what it says of blocks that this version has not; with a chosen model, without its answers."""
    blocks = variant.prepared.definition.blocks
    inputs = variant.prepared.definition.inputs
    expected = {key: value for key, value in case.expect.blocks.items() if key in blocks}
    return case.model_copy(
        update={
            "inputs": {name: value for name, value in case.inputs.items() if name in inputs},
            "stubs": {key: value for key, value in case.stubs.items() if key in blocks},
            "answers": {} if variant.model else {k: v for k, v in case.answers.items() if k in blocks},
            "expect": case.expect.model_copy(update={"blocks": expected}),
        }
    )


def _with_model(definition: WorkflowDefinition, model: str | None) -> WorkflowDefinition:
    if model is None:
        return definition
    return replace(definition, blocks={key: _asking(block, model) for key, block in definition.blocks.items()})


def _asking(block: BlockDefinition, model: str) -> BlockDefinition:
    if not isinstance(block.config, AgentConfig):
        return block
    return replace(block, config=block.config.model_copy(update={"model": model, "fallback": None}))


def _differing(first: Ran, ran: Ran) -> dict[str, Sequence[str]]:
    """The blocks of both whose outputs are not the same, with the lines that differ."""
    before = first.shown["state"]["blocks"] if first.shown else {}
    after = ran.shown["state"]["blocks"] if ran.shown else {}
    return {
        key: _diff(before[key]["output"] or "", block["output"] or "")
        for key, block in after.items()
        if key in before and before[key]["output"] != block["output"]
    }


def _diff(before: str, after: str) -> list[str]:
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), "first", "this", lineterm="", n=1))

"""What differs between how a case ended and what its test expects."""

from __future__ import annotations

from typing import Any

from runwright.cli.bench.running import Ran
from runwright.workflows.tests_section import BlockExpectation, WorkflowTest

_QUOTED = 300


def differences(ran: Ran, test: WorkflowTest, *, seconds: float) -> list[str]:
    """What differs, in sentences; none when the test passed. ``seconds`` is how long it had."""
    shown = ran.shown
    if shown is None:
        return [f"it did not end within {seconds:g} seconds"]
    found = []
    if shown["status"] != test.expect.status:
        because = f" ({shown['error']})" if shown["error"] else ""
        found.append(f"the execution is {shown['status']}, not {test.expect.status}{because}")
    for key, expected in test.expect.blocks.items():
        found += [f"block {key}: {said}" for said in _block(shown["state"]["blocks"][key], expected)]
    return found


def expected_count(test: WorkflowTest) -> int:
    """How many things the test expects."""
    fields = ("status", "output", "contains", "error")
    return 1 + sum(getattr(expected, name) is not None for expected in test.expect.blocks.values() for name in fields)


def _block(block: dict[str, Any], expected: BlockExpectation) -> list[str]:
    found, output, error = [], block["output"] or "", block["error"] or ""
    if expected.status is not None and block["status"] != expected.status:
        because = block["error"] or block["reason"]
        found.append(f"is {block['status']}, not {expected.status}" + (f" ({because})" if because else ""))
    if expected.output is not None and output != expected.output:
        found.append(f"its output is {output[:_QUOTED]!r}, not {expected.output[:_QUOTED]!r}")
    if expected.contains is not None and expected.contains not in output:
        found.append(f"its output does not contain {expected.contains!r}: {output[:_QUOTED]!r}")
    if expected.error is not None and expected.error not in error:
        found.append(f"its error does not contain {expected.error!r}: {error[:_QUOTED]!r}")
    return found

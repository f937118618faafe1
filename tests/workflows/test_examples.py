"""The examples that ship: each is a valid workflow, and comes out of an export as it went in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from runwright.workflows.definition import ApiTrigger, Concurrency
from runwright.workflows.export import export
from runwright.workflows.parser import parse

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_can_be_imported_and_exported(path: Path) -> None:
    source = path.read_text("utf-8")
    definition = parse(source)
    assert definition.description
    assert definition.api is not None
    assert definition.api.enabled
    assert export(source, definition.api) == source
    changed = ApiTrigger(enabled=False, concurrency=Concurrency.CANCEL_PREVIOUS)
    assert parse(export(source, changed)) == replace(definition, api=changed)


def test_there_are_examples() -> None:
    assert "release-notes" in {path.stem for path in EXAMPLES}

"""The gallery's starters for quality work: their own tests pass, and they work with a model that is set up."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from runwright.cli.bench.testing import Suite, run_tests
from runwright.config import ModelSettings, Settings
from runwright.integrations.llm.fake_server import FakeModelServer, Give, Say
from runwright.recordings.player import Mode
from runwright.workflows import gallery
from runwright.workflows.parser import prepare
from runwright.workflows.tests_section import WorkflowTest

FILES = sorted(Path(gallery.__file__).parent.glob("qa-*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_its_own_tests_pass(file: Path) -> None:
    suite = Suite(file, prepare(file.read_bytes()), seconds=30)
    assert len(suite.tests) >= 3
    outcomes = run_tests(suite, Settings())
    assert [outcome.differences for outcome in outcomes] == [[] for _ in outcomes]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_works_with_a_model_that_is_set_up(file: Path) -> None:
    """What the first test says that models answer now comes from a vendor's server, through the vendor's client."""
    prepared = prepare(file.read_bytes())
    test = prepared.definition.tests[0]
    assert isinstance(test, WorkflowTest)
    answers = [one for key in prepared.definition.order for one in test.answers.get(key, ())]
    steps = [Say(one) if isinstance(one, str) else Give(one) for one in answers]
    asked = test.model_copy(update={"answers": {}})
    prepared = dataclasses.replace(prepared, definition=dataclasses.replace(prepared.definition, tests=(asked,)))
    with FakeModelServer(*steps) as server:
        models = ModelSettings(default="compatible:any", compatible_base_url=server.openai_url)
        (outcome,) = run_tests(Suite(file, prepared, mode=Mode.LIVE, seconds=30), Settings(models=models))
        assert outcome.differences == []
        assert server.calls == len(steps)

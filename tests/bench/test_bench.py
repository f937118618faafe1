"""The benchmark runs to its end and tells everything; how fast anything was is no concern of tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import main
from bench.calls import BenchFailed, Load, make_calls, percentile, request
from bench.floors import CALLERS
from bench.installation import workflow_source
from bench.processes import free_port
from bench.report import Figure, table
from runwright.workflows.parser import parse

# Each figure by the beginning of its name, for both kinds of blocks and each number of callers.
EXECUTIONS = (
    "executions",
    "server CPU",
    "p50 to finish, alone",
    "p50 to finish, in",
    "p50 to finish, 50",
    "trigger p99 meanwhile",
)
SERVER = ("memory, idle", "memory, after", "CPU, idle", "start until ready")


# In one worker: the fixture measures for half a minute.
pytestmark = pytest.mark.xdist_group("bench")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a quick run writes."""
    path = tmp_path_factory.mktemp("bench") / "bench.json"
    main(["--quick", "--json", str(path)])
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def test_a_quick_run_measures_everything(written: dict[str, Any]) -> None:
    names = [figure["name"] for figure in written["figures"]]
    assert len(names) == len(set(names))
    wanted = [f"5 {kind} blocks: {what}" for kind in ("instant", "committed") for what in EXECUTIONS]
    wanted += [f"triggers, {callers} caller" for callers in CALLERS]
    wanted += ["status calls, 1 caller", "status calls, 50 callers", *SERVER]
    assert [name for name in wanted if not any(found.startswith(name) for found in names)] == []


def test_figures_are_compared_with_floors_of_the_same_run(written: dict[str, Any]) -> None:
    for figure in written["figures"]:
        assert figure["value"] >= 0, figure
        if not figure["name"].startswith(("floor", "CPU, idle")):
            assert figure["ratio"] == pytest.approx(figure["value"] / figure["floor"]), figure
            assert figure["floor_is"], figure


def test_the_facts_of_the_machine_name_neither_hosts_nor_paths(written: dict[str, Any]) -> None:
    assert written["quick"] is True
    assert written["database"] == "sqlite"
    assert set(written["machine"]) == {
        "system", "cores", "memory_gb", "filesystem", "load_before", "python", "sqlite", "postgres"
    }  # fmt: skip
    assert not any("/" in str(fact) or Path.home().name in str(fact) for fact in written["machine"].values())


def test_the_table_leaves_out_what_is_not_known() -> None:
    shown = table([Figure("speed", 300.0, "/s", 600.0, "nothing around it", "300"), Figure("floor", 600.0, "/s")])
    assert shown.splitlines()[2].split() == ["speed", "300", "/s", "600", "0.50", "300", "nothing", "around", "it"]
    assert shown.splitlines()[3].split() == ["floor", "600", "/s"]


def test_percentiles_are_values_that_were_seen() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(value) for value in range(1, 101)], 0.99) == 99.0
    assert percentile([5.0], 0.99) == 5.0


def test_the_measured_workflow_is_valid() -> None:
    definition = parse(workflow_source("Five", '    type: template\n    text: "Hello"\n'))
    assert definition.order == tuple(f"block-{number}" for number in range(1, 6))


def test_calls_that_cannot_be_made_are_told() -> None:
    load = Load(port=free_port(), callers=1, request=request("GET", "/", key="none"), total=1)
    with pytest.raises(BenchFailed, match="the calls failed"):
        make_calls(load)

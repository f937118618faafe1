"""What the documents name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runwright.cli import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text())
    broken = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert broken == []


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_files_that_the_map_names_are_there(name: str) -> None:
    named = re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|yaml|toml))`", (ROOT / name).read_text())
    package = ROOT / "src" / "runwright"
    to_be_written = {"src/runwright/blocks/checksum.py", "tests/blocks/test_checksum.py"}
    plain = {"endpoints.py", "service.py", "models.py", "repository.py", "schemas.py", "plan.py", "ledger.py"}
    missing = [
        path
        for path in set(named) - to_be_written - plain
        if not (ROOT / path).exists() and not (package / path).exists() and not list(package.rglob(path))
    ]
    assert missing == []


def test_functions_on_the_way_of_a_trigger_are_there() -> None:
    rows = re.findall(r"\| `([a-z_/]+\.py)` `([a-z_]+)`", (ROOT / "ARCHITECTURE.md").read_text())
    assert len(rows) >= 8
    for path, function in rows:
        assert f"def {function}(" in (ROOT / "src" / "runwright" / path).read_text(), f"{path} {function}"


def test_the_readme_uses_commands_that_exist() -> None:
    used = set(re.findall(r"runwright ([a-z]+)", (ROOT / "README.md").read_text()))
    assert used - {"runwright"} <= set(COMMANDS) | {"is", "runs"}


def test_decisions_are_numbered_once_and_say_why() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    numbers = [record.name[:4] for record in records]
    assert len(numbers) == len(set(numbers))
    for record in records:
        text = record.read_text()
        assert text.startswith(f"# {record.name[:4]} "), record.name
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text, f"{record.name} lacks {heading}"

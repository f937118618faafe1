"""The reference documents say what the code says."""

from __future__ import annotations

import os

import pytest

from scripts import reference


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("RUNWRIGHT_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("name", ["settings.md", "cli.md", "blocks.md"])
def test_the_reference_is_not_stale(name: str) -> None:
    """`make docs` writes it anew; a setting, field or command without a description fails there."""
    assert (reference.FOLDER / name).read_text() == reference.documents()[name]


def test_every_command_that_does_something_shows_how() -> None:
    sections = reference.command_line().split("\n## ")[1:]
    leaves = [section for section in sections if "\nCommands:\n" not in section]
    silent = [section.splitlines()[0] for section in leaves if "xample" not in section]
    assert silent == []
    assert len(leaves) > 20

"""Names of files: those of people are refused, those of runs made safe; types by the ending."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runwright.artifacts.names import MAX_NAME, content_type_of, ending_for, made_safe, problem_of


@given(st.text(max_size=500))
def test_a_name_made_safe_is_good(name: str) -> None:
    assert problem_of(made_safe(name, otherwise="file.txt")) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("notes.md", "notes.md"),
        ("../../x", "x"),
        ("/etc/passwd", "etc-passwd"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("...", "otherwise"),
        ("a" * 300 + ".json", "a" * (MAX_NAME - 5) + ".json"),
        ("photo\u202egnp.exe", "photognp.exe"),
    ],
)
def test_how_a_name_is_made_safe(name: str, expected: str) -> None:
    assert made_safe(name, otherwise="otherwise") == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.md", "text/markdown"),
        ("a.JSON", "application/json"),
        ("a.csv", "text/csv"),
        ("a.yaml", "application/yaml"),
        ("a.html", "text/html"),
        ("a.png", "image/png"),
        ("a.tar.gz", "application/octet-stream"),
        ("none", "application/octet-stream"),
    ],
)
def test_the_type_is_the_endings(name: str, kind: str) -> None:
    assert content_type_of(name) == kind


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ('{"a": 1}', ".json"),
        (" [1, 2]\n", ".json"),
        ("{not json", ".txt"),
        ("# Title\n\ntext", ".md"),
        ("- one\n- two", ".md"),
        ("plain text, with (brackets)", ".txt"),
        ("", ".txt"),
        ("[" * 100_000, ".txt"),
    ],
)
def test_the_ending_of_a_text_without_a_name(text: str, ending: str) -> None:
    assert ending_for(text) == ending

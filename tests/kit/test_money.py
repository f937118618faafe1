"""Dollars in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runwright.kit.money import LARGEST, format_usd, parse_usd


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("0", 0),
        ("12", 12_000_000),
        ("12.5", 12_500_000),
        (" 0.000001 ", 1),
        ("1000000000", LARGEST),
        ("007", 7_000_000),
    ],
)
def test_amounts_are_read(text: str, micros: int) -> None:
    assert parse_usd(text) == micros


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+1",
        "1e3",
        "1_000",
        "1,5",
        "nan",
        "inf",
        ".5",
        "5.",
        "0.0000001",
        "1000000000.000001",
        "٣",
        "1 2",
        "$5",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_usd(text)


@pytest.mark.parametrize(
    ("micros", "text"), [(0, "0.00"), (12_500_000, "12.50"), (125, "0.000125"), (-1_500_000, "-1.50")]
)
def test_amounts_are_shown(micros: int, text: str) -> None:
    assert format_usd(micros) == text


@given(st.integers(min_value=0, max_value=LARGEST))
def test_what_is_shown_reads_back(micros: int) -> None:
    assert parse_usd(format_usd(micros)) == micros

"""US dollars as whole millionths inside, as decimal text outside."""

from __future__ import annotations

import re

Micros = int
"""Millionths of a US dollar."""

PER_DOLLAR = 1_000_000
LARGEST: Micros = 1_000_000_000 * PER_DOLLAR
"""A billion dollars: the largest amount taken, far inside a 64-bit column."""

_AMOUNT = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,6}))?", re.ASCII)


def parse_usd(text: str) -> Micros:
    """Read an amount such as ``12`` or ``12.50``: not negative, at most six decimals.

    Raises:
        ValueError: the text is no such amount, or above :data:`LARGEST`; the message says what is expected.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise ValueError('expected US dollars such as "12.50", not negative, with at most six decimals')
    whole, decimals = match.groups()
    amount = int(whole) * PER_DOLLAR + int((decimals or "").ljust(6, "0"))
    if amount > LARGEST:
        raise ValueError(f"expected at most {format_usd(LARGEST)} US dollars")
    return amount


def format_usd(amount: Micros) -> str:
    """Decimal text with two to six decimals: ``12.50``, ``0.000125``."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), PER_DOLLAR)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole}.{decimals}"

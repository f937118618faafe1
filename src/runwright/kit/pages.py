"""Cursor pages: a list answered piece by piece, newest first, steady while rows are added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One piece of a list. ``next_cursor`` is None on the last one."""

    items: Sequence[T]
    next_cursor: str | None


def cut(rows: Sequence[T], *, limit: int, cursor_of: Callable[[T], str]) -> Page[T]:
    """Make a page of rows fetched with ``limit + 1``: the extra row only tells that there is more."""
    if len(rows) <= limit:
        return Page(items=rows, next_cursor=None)
    kept = rows[:limit]
    return Page(items=kept, next_cursor=cursor_of(kept[-1]))

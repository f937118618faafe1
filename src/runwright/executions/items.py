"""The items of ``map`` blocks: reading what became of them. Writing is in ``transitions``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from runwright.blocks.base import ItemResult
from runwright.executions.models import map_items
from runwright.executions.status import SETTLED, Status
from runwright.kit.clock import Millis


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Whose items these are: one round of one block."""

    execution_id: str
    block_key: str
    round: int


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item. An item without a row was not begun yet."""

    item: int
    status: Status = Status.RUNNING
    attempt: int = 1
    started_at: Millis | None = None
    finished_at: Millis | None = None
    due_at: Millis | None = None
    output: str | None = None
    error: str | None = None

    def but(self, **changes: object) -> ItemState:
        """A copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


_COLUMNS = [map_items.c[name] for name in ItemState.__slots__]


def _of(place: ItemPlace) -> list[sa.ColumnElement[bool]]:
    return [map_items.c[name] == getattr(place, name) for name in ItemPlace.__slots__]


def _state(row: sa.Row[tuple[object, ...]]) -> ItemState:
    values = row._mapping
    return ItemState(**{**values, "status": Status(values["status"])})


def states(conn: sa.Connection, place: ItemPlace) -> dict[int, ItemState]:
    """The items that were begun, in order, without their outputs: of ten thousand these would be much to hold."""
    columns = [sa.null().label("output") if column.name == "output" else column for column in _COLUMNS]
    rows = conn.execute(sa.select(*columns).where(*_of(place)).order_by(map_items.c.item))
    return {row.item: _state(row) for row in rows}


def results(conn: sa.Connection, place: ItemPlace) -> dict[int, ItemResult]:
    """How the settled items ended, by place in the list."""
    statement = sa.select(map_items.c.item, map_items.c.output, map_items.c.error).where(
        *_of(place), map_items.c.status.in_([status.value for status in SETTLED])
    )
    return {row.item: ItemResult(output=row.output, error=row.error) for row in conn.execute(statement)}


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """How many items of a block stand how."""

    completed: int = 0
    failed: int = 0
    running: int = 0


def counts(conn: sa.Connection, execution_id: str) -> dict[str, ItemCounts]:
    """The counts of every ``map`` block of an execution, in its latest round, by key."""
    statement = (
        sa.select(map_items.c.block_key, map_items.c.round, map_items.c.status, sa.func.count())
        .where(map_items.c.execution_id == execution_id)
        .group_by(map_items.c.block_key, map_items.c.round, map_items.c.status)
        .order_by(map_items.c.round)
    )
    found: dict[str, dict[str, int]] = {}
    latest: dict[str, int] = {}
    for key, round_, status, number in conn.execute(statement):
        if latest.get(key) != round_:
            latest[key], found[key] = round_, {}
        found[key][status] = number
    return {key: ItemCounts(**by_status) for key, by_status in found.items()}


def list_page(
    conn: sa.Connection,
    execution_id: str,
    block_key: str,
    *,
    limit: int,
    after: int | None = None,
    statuses: Sequence[Status] = (),
) -> list[ItemState]:
    """Up to ``limit`` items of a block's latest round, those behind a place in the list, in its order."""
    of_block = (map_items.c.execution_id == execution_id, map_items.c.block_key == block_key)
    latest = sa.select(sa.func.max(map_items.c.round)).where(*of_block).scalar_subquery()
    wanted = [*of_block, map_items.c.round == latest]
    if after is not None:
        wanted.append(map_items.c.item > after)
    if statuses:
        wanted.append(map_items.c.status.in_([status.value for status in statuses]))
    statement = sa.select(*_COLUMNS).where(*wanted).order_by(map_items.c.item).limit(limit)
    return [_state(row) for row in conn.execute(statement)]

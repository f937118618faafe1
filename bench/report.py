"""The figures, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.machine import Fact

VERSION = 1
_COLUMNS = ("figure", "measured", "floor", "ratio", "aim", "floor is")


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured, and what the least possible work would have given in the same run."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    floor_is: str = ""
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of the floor."""
        return self.value / self.floor if self.floor else None


def table(figures: Sequence[Figure]) -> str:
    """The figures in aligned columns."""
    rows = [_COLUMNS, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(row[i].rjust(widths[i]) for i in range(1, 5)), row[5]]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([lines[0], "─" * max(len(line) for line in lines), *lines[1:]])


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        "" if figure.floor is None else _number(figure.floor),
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        figure.aim,
        figure.floor_is,
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def write_json(path: Path, *, database: str, quick: bool, machine: dict[str, Fact], figures: Sequence[Figure]) -> None:
    """Write what was measured for programs."""
    content = {
        "version": VERSION,
        "database": database,
        "quick": quick,
        "machine": machine,
        "figures": [{**asdict(figure), "ratio": figure.ratio} for figure in figures],
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")

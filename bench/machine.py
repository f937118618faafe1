"""What the figures depend on. No names of hosts, no paths."""

from __future__ import annotations

import os
import platform
import sqlite3
from pathlib import Path

import psutil

Fact = str | int | float | None


def facts(folder: Path, *, postgres: str | None) -> dict[str, Fact]:
    """The facts of this machine, and of the disk that ``folder`` is on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1024**3, 1),
        "filesystem": filesystem(folder),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgres": postgres,
    }


def filesystem(folder: Path) -> str:
    """The kind of file system that a folder is on."""
    mounted = [part for part in psutil.disk_partitions(all=True) if folder.resolve().is_relative_to(part.mountpoint)]
    return max(mounted, key=lambda part: len(part.mountpoint)).fstype if mounted else "unknown"


def doubts(known: dict[str, Fact]) -> list[str]:
    """Reasons why the figures may not mean much."""
    found = []
    if known["filesystem"] in ("tmpfs", "ramfs"):
        found.append("The temporary folder is in memory: commits cost nothing there. Set TMPDIR to a folder on a disk.")
    load, cores = known["load_before"], known["cores"]
    if isinstance(load, float) and isinstance(cores, int) and load > cores / 2:
        found.append(f"Other programs use this machine (load {load} on {cores} cores): trust the ratios only.")
    return found

"""The engine of the engine's own tests."""

from __future__ import annotations

from tests.engine.conftest import bench

__all__ = ["bench"]

"""Looks for what keeps people from using a page, by the rules of axe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_GRAVE = ("serious", "critical")


def grave_violations(page: Page) -> list[str]:
    """What is seriously or critically wrong with the page as it stands, each with the elements it concerns."""
    page.evaluate(_AXE.read_text())
    result: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{found['id']}: {found['help']}: {[node['html'][:160] for node in found['nodes'][:4]]}"
        for found in result["violations"]
        if found["impact"] in _GRAVE
    ]

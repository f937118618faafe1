"""Looks for what keeps people from using a page, by the rules of axe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
NARROW = 600
_GRAVE = ("serious", "critical")
# What still fades in has less contrast than it will have.
_STILL = """async scheme => {
    const moves = one => one.playState === "running" && one.effect.getComputedTiming().iterations !== Infinity;
    const { dataset } = document.documentElement;
    while (dataset.mantineColorScheme !== scheme || document.getAnimations().some(moves))
        await new Promise(resolve => setTimeout(resolve, 10));
}"""


def grave_violations(page: Page) -> list[str]:
    """What is seriously or critically wrong with the page as it stands, in both themes.

    Each with the elements it concerns. The themes differ in their colours alone: of the dark one, contrast is enough,
    and a phone has the same colours.
    """
    page.evaluate(_AXE.read_text())
    page.evaluate(_STILL, "light")
    found = _violations(page)
    if (page.viewport_size or {"width": 0})["width"] < NARROW:
        return found
    page.emulate_media(color_scheme="dark")
    page.evaluate(_STILL, "dark")
    found += [f"dark: {violation}" for violation in _violations(page, "color-contrast")]
    page.emulate_media(color_scheme="light")
    return found


def _violations(page: Page, *rules: str) -> list[str]:
    wanted: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        wanted["runOnly"] = list(rules)
    result: dict[str, Any] = page.evaluate("(wanted) => axe.run(document, wanted)", wanted)
    return [
        f"{found['id']}: {found['help']}: {[node['html'][:160] for node in found['nodes'][:4]]}"
        for found in result["violations"]
        if found["impact"] in _GRAVE
    ]

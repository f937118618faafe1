"""The pictures of the user's guide are those that the command makes, and each is shown."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide"
MOST_BYTES = 120_000


def test_every_picture_is_made_shown_and_small() -> None:
    pictures = {path.stem: path.stat().st_size for path in (GUIDE / "images").glob("*.png")}
    made = set(runpy.run_path(str(ROOT / "scripts" / "screens.py"))["names"]())
    shown = {
        name
        for page in GUIDE.glob("*.md")
        for name in re.findall(r"!\[[^\]]+\]\(images/([a-z-]+)\.png\)", page.read_text())
    }
    assert set(pictures) == made
    assert shown == made
    assert {name: size for name, size in pictures.items() if size > MOST_BYTES} == {}

"""How much the web app makes a browser fetch."""

from __future__ import annotations

import re

from runwright.web.files import DIST

MOST_AT_FIRST = 350 * 1024
"""Bytes, compressed, before the first page shows: what every visitor waits for."""

_NEEDED = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\./[^"']+\.js)["']""")


def test_the_first_load_stays_small() -> None:
    fetched = {*re.findall(r"""(?:src|href)="/([^"]+\.(?:js|css))\"""", (DIST / "index.html").read_text())}
    assert any(name.endswith(".js") for name in fetched), "the app is not built: make setup"
    fetched |= _page("WorkflowsPage")
    sizes = {name: _sent(name) for name in _with_what_they_import(fetched)}
    assert sum(sizes.values()) < MOST_AT_FIRST, sizes
    assert not any("Editor" in name or "CodeMirror" in name for name in sizes), "the editor is to come on demand"


def _page(name: str) -> set[str]:
    """The files of a page that is fetched when it is gone to."""
    found = {path.relative_to(DIST).as_posix() for path in DIST.glob(f"assets/{name}-*.js")}
    assert found, f"there is no {name}"
    return found


def _with_what_they_import(names: set[str]) -> set[str]:
    known, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            if name.endswith(".js"):
                text = (DIST / name).read_text()
                waiting.extend(f"assets/{needed.removeprefix('./')}" for needed in _NEEDED.findall(text))
    return known


def _sent(name: str) -> int:
    """Its size as gzip, which every browser takes."""
    zipped = DIST / f"{name}.gz"
    return (zipped if zipped.is_file() else DIST / name).stat().st_size

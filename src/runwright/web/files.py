"""The built web app as files: which there are, and in which encodings."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DIST = Path(__file__).parent / "dist"
"""Where the build puts the app; in the wheel, and git-ignored in a clone."""

PAGE = "index.html"
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Content encodings by the ending of the file that has it, the best one first."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file of the app. ``encoded`` has its compressed forms by content encoding, the best one first."""

    path: Path
    media_type: str
    encoded: Mapping[str, Path]

    def best(self, accepted: str) -> tuple[Path, str | None]:
        """The form to send to a client with this ``Accept-Encoding``, and its content encoding."""
        offered = {name for name, weight in map(_weighted, accepted.split(",")) if weight > 0}
        for encoding, path in self.encoded.items():
            if encoding in offered:
                return path, encoding
        return self.path, None


def find_files(dist: Path) -> dict[str, BuiltFile]:
    """The files of a built app by their address, ``/assets/main-1a2b.js``; none when it was not built."""
    compressed = tuple(_ENCODINGS.values())
    found = {}
    for path in sorted(dist.rglob("*")):
        if path.is_file() and path.name != PAGE and path.suffix not in compressed:
            found[f"/{path.relative_to(dist).as_posix()}"] = _describe(path)
    return found


def _describe(path: Path) -> BuiltFile:
    forms = {encoding: path.with_name(path.name + ending) for encoding, ending in _ENCODINGS.items()}
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return BuiltFile(
        path=path,
        # The registry of the operating system may know scripts by an older name.
        media_type="text/javascript" if path.suffix == ".js" else media_type,
        encoded={encoding: form for encoding, form in forms.items() if form.is_file()},
    )


def _weighted(offer: str) -> tuple[str, float]:
    name, _, parameter = offer.partition(";")
    _, _, weight = parameter.partition("=")
    try:
        return name.strip().lower(), float(weight or 1)
    except ValueError:
        return name.strip().lower(), 0.0

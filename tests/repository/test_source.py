"""The limits that keep the source readable."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = (".py", ".js", ".css", ".html", ".ts", ".tsx")
GENERATED = ".d.ts"
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60


def tracked(*suffixes: str) -> list[Path]:
    """The files of the repository, or of the folder when it is no repository, with these endings."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        folders = (ROOT / name for name in ("src", "tests", "scripts", "docs"))
        return [path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes]
    paths = (ROOT / name for name in listed.stdout.splitlines())
    return [path for path in paths if path.suffix in suffixes and path.is_file()]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_file_is_long() -> None:
    written = [path for path in tracked(*CODE) if not path.name.endswith(GENERATED)]
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in written}
    assert {str(path): lines for path, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_no_function_is_long() -> None:
    # A migration is a list of what changes, made by a tool.
    paths = [path for path in tracked(".py") if "migrations" not in path.parts]
    long = {name: lines for path in paths for name, lines in functions(path) if lines > MAX_FUNCTION_LINES}
    assert long == {}


def test_every_module_of_the_package_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src").rglob("*.py")
        if path.stat().st_size and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []


def test_the_server_starts_without_what_only_some_blocks_and_commands_need() -> None:
    program = "import sys, runwright.app; print([name for name in sys.argv[1:] if name in sys.modules])"
    heavy = ["dbos", "pydantic_ai", "alembic", "openai", "anthropic"]
    ended = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_for_later_in_the_source(word: str) -> None:
    named = [str(path.relative_to(ROOT)) for path in (ROOT / "src").rglob("*.py") if word in path.read_text()]
    assert named == []

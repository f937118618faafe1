"""Following CONTRIBUTING.md to the letter gives a block type that works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def code_blocks(language: str) -> list[str]:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """A folder with the files of the guide, laid over the package as its steps say."""
    module, test = code_blocks("python")
    (workflow,) = code_blocks("yaml")
    (tmp_path / "checksum.py").write_text(module)
    (tmp_path / "test_checksum.py").write_text(test)
    (tmp_path / "fingerprint.yaml").write_text(workflow)
    return tmp_path


def overlaid(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process whose block types include those of the folder."""
    overlay = f"import runwright.blocks; runwright.blocks.__path__.append({str(folder)!r})\n"
    return subprocess.run([sys.executable, "-c", overlay + program], capture_output=True, text=True, cwd=ROOT)


def test_the_guides_own_test_passes(followed: Path) -> None:
    ended = overlaid(
        followed, f"import pytest; raise SystemExit(pytest.main(['-p', 'no:cacheprovider', {str(followed)!r}]))"
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "2 passed" in ended.stdout


def test_the_guides_workflow_is_valid(followed: Path) -> None:
    program = f"""
from pathlib import Path
from runwright.workflows.parser import parse
definition = parse(Path({str(followed / "fingerprint.yaml")!r}).read_bytes())
print(definition.blocks["fingerprint"].type)
"""
    ended = overlaid(followed, program)
    assert ended.stdout == "checksum\n", ended.stderr


def test_the_guides_code_is_in_the_projects_style() -> None:
    places = ("src/runwright/blocks/checksum.py", "tests/blocks/test_checksum.py")
    for code, place in zip(code_blocks("python"), places, strict=True):
        for command in (["check"], ["format", "--check"]):
            ended = subprocess.run(
                [Path(sys.executable).parent / "ruff", *command, "--stdin-filename", place, "-"],
                input=code,
                capture_output=True,
                text=True,
                cwd=ROOT,
            )
            assert ended.returncode == 0, ended.stdout

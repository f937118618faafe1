"""Reading files from an agent: three tools, bounded answers, errors that the model may react to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from runwright.blocks.base import BlockContext, BlockError
from runwright.errors import NotFound
from runwright.integrations.llm.fake_server import FakeModelServer, Say, Step, Use
from tests.blocks.test_agent_block import run, services

pytestmark = pytest.mark.anyio


@dataclass
class FakeFiles:
    """Notes who asked for what."""

    asked: list[Any] = field(default_factory=list)

    async def list_files(self, reader: BlockContext, *, name: str = "") -> str:
        self.asked.append((reader.org_id, reader.project_id, name))
        return "1  report.txt"

    async def search_files(self, reader: BlockContext, *, words: str, name: str = "") -> str:
        return f"report.txt:1: {words}"

    async def read_file(self, reader: BlockContext, *, file: str, offset: int = 0) -> str:
        if file != "report.txt":
            raise NotFound(f"there is no file {file!r}")
        return f"from {offset}"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (Use("list_files", {}), "1  report.txt"),
        (Use("search_files", {"words": "crash"}), "report.txt:1: crash"),
        (Use("read_file", {"file": "report.txt", "offset": 7}), "from 7"),
        (Use("read_file", {"file": "report.txt"}), "from 0"),
        (Use("read_file", {"file": "report.txt", "offset": "first"}), "Error: offset must be a whole number of bytes"),
        (Use("read_file", {"file": "other"}), "Error: there is no file 'other'"),
    ],
)
async def test_what_the_model_is_told(call: Step, told: str) -> None:
    files = FakeFiles()
    with FakeModelServer(call, Say("Done.")) as model:
        used = services(model)
        used.files = files
        assert await run({"prompt": "Read", "tools": {"files": True}}, services=used) == "Done."
        assert model.seen[1].json()["messages"][-1]["content"] == told
    assert files.asked in ([], [("org", "project", "")])


async def test_where_there_are_no_files() -> None:
    with FakeModelServer(Say("Done.")) as model:
        used = services(model)
        used.files = None
        with pytest.raises(BlockError, match=r"tools\.files needs"):
            await run({"prompt": "Read", "tools": {"files": True}}, services=used)

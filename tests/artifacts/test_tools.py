"""Files as an agent reads them: only its own, in bounded pieces, with errors that say what to do."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from runwright.artifacts import service
from runwright.artifacts.keeper import Keeper
from runwright.artifacts.service import OutputFile, RunPlace
from runwright.artifacts.tools import FileTools
from runwright.db.database import Database
from runwright.errors import Invalid, NotFound
from runwright.integrations.storage.fake import MemoryStore
from runwright.kit.clock import now_ms
from tests.artifacts.test_sweeper import add
from tests.support import Tenant, add_tenant

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Me:
    org_id: str
    project_id: str
    execution_id: str = "run-1"


@dataclass(frozen=True)
class Desk:
    """Files of one organization, and the tools to read them."""

    keeper: Keeper
    tools: FileTools
    tenant: Tenant
    store: MemoryStore

    @property
    def me(self) -> Me:
        return Me(self.tenant.org_id, self.tenant.project_id)

    async def upload(self, name: str, text: str) -> None:
        blob = await self.keeper.keep_text(self.tenant.org_id, text)
        await add(self.keeper.database, self.tenant, blob, name)

    async def save(self, name: str, text: str, *, run: str) -> None:
        blob = await self.keeper.keep_text(self.tenant.org_id, text)
        place = RunPlace(self.tenant.org_id, self.tenant.project_id, run, "block", 0)
        await self.keeper.database.write(
            lambda conn: service.save_output(conn, place, OutputFile(name, blob), now=now_ms())
        )


@pytest.fixture
async def desk(async_database: Database) -> Desk:
    store = MemoryStore()
    tenant = await async_database.write(add_tenant)
    return Desk(Keeper(async_database, store), FileTools(async_database, store), tenant, store)


async def test_a_run_sees_uploads_and_its_own_files(desk: Desk, async_database: Database) -> None:
    assert await desk.tools.list_files(desk.me) == "There are no files."
    await desk.upload("spec.md", "# Spec")
    await desk.save("own.txt", "mine", run="run-1")
    await desk.save("other.txt", "not mine", run="run-2")
    listed = (await desk.tools.list_files(desk.me)).splitlines()
    assert ["own.txt" in listed[0], "spec.md" in listed[1], len(listed)] == [True, True, 2]
    assert "saved by block block" in listed[0]
    assert "spec.md" in await desk.tools.list_files(desk.me, name="SPEC")
    with pytest.raises(NotFound, match="list_files names"):
        await desk.tools.read_file(desk.me, file="other.txt")
    stranger = await async_database.write(add_tenant)
    assert await desk.tools.list_files(Me(stranger.org_id, desk.tenant.project_id)) == "There are no files."


async def test_a_large_file_is_read_in_pieces_that_join(desk: Desk) -> None:
    text = "".join(f"Zeile {number} über alles\n" for number in range(2_000))
    await desk.upload("log.txt", text)
    read, offset = "", 0
    while True:
        piece = await desk.tools.read_file(desk.me, file="log.txt", offset=offset)
        assert len(piece) < 17_000
        body, note, following = piece.partition("\n… (")
        read += body
        if not note:
            break
        offset = int(following.rpartition(" ")[2].rstrip(")"))
    assert read == text


async def test_what_cannot_be_read_is_told(desk: Desk) -> None:
    await desk.upload("short.txt", "short")
    await desk.upload("bytes.bin", "\x01\x02")
    (key,) = [key for key, value in desk.store.contents.items() if value == b"\x01\x02"]
    desk.store.contents[key] = b"\x00\xff"
    with pytest.raises(Invalid, match="has 5 bytes"):
        await desk.tools.read_file(desk.me, file="short.txt", offset=6)
    with pytest.raises(Invalid, match="is no text"):
        await desk.tools.read_file(desk.me, file="bytes.bin")


async def test_a_search_finds_lines_and_is_bounded(desk: Desk) -> None:
    await desk.upload("a.log", "one\nTimeout in Checkout\n" + "x" * 5_000 + " timeout " + "y" * 5_000)
    await desk.upload("b.log", "timeout\n" * 500)
    found = await desk.tools.search_files(desk.me, words="timeout", name="a.")
    assert "line 2: Timeout in Checkout" in found
    assert len(found) < 2_000
    assert "there may be more" in await desk.tools.search_files(desk.me, words="timeout")
    assert "No line in 2 files" in await desk.tools.search_files(desk.me, words="nothing of this")
    with pytest.raises(Invalid, match="words"):
        await desk.tools.search_files(desk.me, words=" ")


async def test_a_file_of_one_endless_line_is_searched_in_flat_memory(desk: Desk) -> None:
    await desk.upload("line.txt", "x" * 3_000_000 + "needle")
    assert "needle" in await desk.tools.search_files(desk.me, words="needle")

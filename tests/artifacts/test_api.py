"""Files over the API: uploaded, listed, previewed, downloaded so that no browser runs them, deleted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from runwright.config import Settings
from runwright.integrations.storage.opening import incoming_folder
from tests import support
from tests.artifacts.test_outputs import NOTES, files, run
from tests.support import Tenant

pytestmark = pytest.mark.anyio


async def upload(api: httpx.AsyncClient, name: str, content: bytes = b"content") -> dict[str, Any]:
    answer = await api.post("/artifacts", params={"name": name}, content=content)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_file_goes_up_and_comes_down(api: httpx.AsyncClient, served: Tenant) -> None:
    made = await upload(api, "Käse & Brot.html", b"<script>alert(1)</script>")
    assert (made["contentType"], made["size"], made["projectId"]) == ("text/html", 25, served.project_id)
    assert (made["createdBy"], made["executionId"]) == (served.user_id, None)
    down = await api.get(f"/artifacts/{made['id']}/content")
    assert down.content == b"<script>alert(1)</script>"
    expected = {
        "content-type": "text/html; charset=utf-8",
        "content-disposition": 'attachment; filename="K_se & Brot.html"; '
        "filename*=UTF-8''K%C3%A4se%20%26%20Brot.html",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "content-length": "25",
        "etag": f'"{made["sha256"]}"',
    }
    assert {name: down.headers[name] for name in expected} == expected
    assert down.headers["content-security-policy"].startswith("sandbox;")
    again = await api.get(f"/artifacts/{made['id']}/content", headers={"if-none-match": f'"{made["sha256"]}"'})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("wanted", "status", "content", "part"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("bytes=3-1", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
async def test_a_part_of_a_file(
    api: httpx.AsyncClient, wanted: str, status: int, content: bytes, part: str | None
) -> None:
    made = await upload(api, "ten.bin", b"0123456789")
    down = await api.get(f"/artifacts/{made['id']}/content", headers={"range": wanted})
    assert (down.status_code, down.content, down.headers.get("content-range")) == (status, content, part)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../x",
        "/etc/passwd",
        "a\\b",
        "C:x",
        "nul",
        "COM1.txt",
        "a\x00b",
        "a\nb",
        "x" * 10_000,
        "safe\u202etxt.exe",
        "..",
        "a.",
        " a",
        "zero\u200bwidth",
    ],
)
async def test_names_made_to_escape_are_refused(api: httpx.AsyncClient, name: str) -> None:
    answer = await api.post("/artifacts", params={"name": name}, content=b"x")
    assert (answer.status_code, answer.json()["detail"][:6]) == (422, "name: ")
    assert await files(api) == []


async def test_what_is_too_large_is_refused_while_it_comes_in(api: httpx.AsyncClient, settings: Settings) -> None:
    answer = await api.post("/artifacts", params={"name": "big"}, content=b"x" * 1_000_001)
    assert (answer.status_code, answer.json()["limit"]) == (413, 1_000_000)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    answer = await api.post("/artifacts", params={"name": "big"}, content=endless())
    assert answer.status_code == 413
    assert "RUNWRIGHT_STORAGE__MAX_UPLOAD_BYTES" in answer.json()["detail"]
    assert await files(api) == []
    assert list(incoming_folder(settings).glob("*")) == []


async def test_lists_in_pages_with_filters(app: FastAPI, api: httpx.AsyncClient, served: Tenant) -> None:
    for name in ("a_1.md", "b.csv", "A%2.md"):
        await upload(api, name)
    await run(app, served, NOTES, tag="v1")
    assert len(await files(api)) == 6
    assert [file["name"] for file in await files(api, uploaded=True)] == ["A%2.md", "b.csv", "a_1.md"]
    assert [file["name"] for file in await files(api, name="a%")] == ["A%2.md"]
    assert [file["name"] for file in await files(api, name="A_")] == ["a_1.md"]
    assert {file["name"] for file in await files(api, type="text/", uploaded=True)} == {"A%2.md", "a_1.md", "b.csv"}
    assert await files(api, type="image/") == []
    assert await files(api, project=served.org_id) == []
    page = (await api.get("/artifacts", params={"limit": 4})).json()
    rest = (await api.get("/artifacts", params={"limit": 4, "cursor": page["nextCursor"]})).json()
    assert (len(page["items"]), len(rest["items"]), rest["nextCursor"]) == (4, 2, None)


async def test_previews_are_text_and_never_a_page(api: httpx.AsyncClient) -> None:
    async def preview(name: str, content: bytes) -> tuple[str, str, bool]:
        made = await upload(api, name, content)
        answer = await api.get(f"/artifacts/{made['id']}/preview")
        assert answer.headers["content-type"] == "application/json"
        return answer.json()["kind"], answer.json()["text"], answer.json()["truncated"]

    assert await preview("a.md", b"# A") == ("markdown", "# A", False)
    assert await preview("a.json", b'{"a":1}') == ("json", '{"a":1}', False)
    assert await preview("a.svg", b"<svg onload=alert(1)>") == ("text", "<svg onload=alert(1)>", False)
    assert await preview("a.png", b"\x89PNG\x00\xff") == ("binary", "", False)
    assert await preview("latin.txt", b"\xe4") == ("binary", "", False)
    kind, text, truncated = await preview("long.txt", "ä".encode() * 200_000)
    assert (kind, set(text), len(text), truncated) == ("text", {"ä"}, 131_072, True)


async def test_all_files_of_a_run_as_one_zip(app: FastAPI, api: httpx.AsyncClient, served: Tenant) -> None:
    source = NOTES.replace("notes-{{ tag }}.md", "COPY.md")
    shown = await run(app, served, source, tag="v1")
    answer = await api.get(f"/executions/{shown['id']}/artifacts.zip")
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="run-{shown["id"]}.zip"')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert sorted(name.casefold() for name in archive.namelist()) == ["copy (2).md", "copy.md", "data.json"]
        assert archive.read("data.json") == b'{"tag": "v1"}'
    empty = await api.get(f"/executions/{(await run(app, served, PLAIN))['id']}/artifacts.zip")
    assert zipfile.ZipFile(io.BytesIO(empty.content)).namelist() == []


PLAIN = "version: 1\nname: Plain\nblocks:\n  a: {type: template, text: x}\n"


async def test_a_deleted_file_is_gone_and_others_with_its_content_stay(api: httpx.AsyncClient) -> None:
    one, two = await upload(api, "one.txt"), await upload(api, "two.txt")
    assert (await api.get("/storage")).json() == {"files": 2, "bytes": 7}
    assert (await api.delete(f"/artifacts/{one['id']}")).status_code == 204
    for method, path in (("GET", ""), ("GET", "/content"), ("GET", "/preview"), ("DELETE", "")):
        assert (await api.request(method, f"/artifacts/{one['id']}{path}")).status_code == 404
    assert (await api.get(f"/artifacts/{two['id']}/content")).content == b"content"


async def test_of_another_organization_nothing_is_to_be_had(app: FastAPI, api: httpx.AsyncClient) -> None:
    made = await upload(api, "mine.txt")
    stranger = await app.state.database.write(lambda conn: support.add_tenant(conn, name="Stranger"))
    api.headers["x-api-key"] = stranger.secret
    for method, path in (("GET", ""), ("GET", "/content"), ("GET", "/preview"), ("DELETE", "")):
        assert (await api.request(method, f"/artifacts/{made['id']}{path}")).status_code == 404
    assert await files(api) == []
    assert (await api.get("/storage")).json() == {"files": 0, "bytes": 0}
    theirs = await upload(api, "theirs.txt")
    assert theirs["sha256"] == made["sha256"]


async def test_a_content_that_is_gone_from_the_storage_is_told(app: FastAPI, api: httpx.AsyncClient) -> None:
    made = await upload(api, "lost.txt")
    for path in (app.state.settings.data_dir / "files").rglob("*-*-*"):
        if path.is_file():
            path.unlink()
    for path in ("content", "preview"):
        answer = await api.get(f"/artifacts/{made['id']}/{path}")
        assert answer.status_code == 503
    again = await upload(api, "found.txt")
    assert (await api.get(f"/artifacts/{again['id']}/content")).content == b"content"

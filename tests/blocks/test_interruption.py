"""A block that waits for the outside lets go at once when the engine cancels it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from runwright.blocks.registry import get
from runwright.config import HttpSettings, ModelSettings
from runwright.integrations.http.fake import NEVER, FakeServer
from runwright.integrations.llm.fake_server import FakeModelServer, Hang
from runwright.integrations.llm.registry import Models
from tests.blocks.support import LocalServices, MemoryCheckpoints, config, context

pytestmark = pytest.mark.anyio


async def interrupt(kind: str, fields: dict[str, Any], server: FakeServer, **scope: Any) -> None:
    block = get(kind)
    assert block is not None
    task = asyncio.ensure_future(block.run(config(kind, **fields), context(**scope)))  # type: ignore[arg-type]
    async with asyncio.timeout(30):
        while not server.seen:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_an_http_block() -> None:
    with FakeServer(lambda _: NEVER) as server:
        await interrupt("http", {"url": server.url}, server)


async def test_an_agent_block() -> None:
    checkpoints = MemoryCheckpoints()
    with FakeModelServer(Hang()) as server:
        settings = ModelSettings(default="compatible:small", compatible_base_url=server.openai_url)
        services = LocalServices(models=Models(settings, HttpSettings()))
        await interrupt("agent", {"prompt": "Hi"}, server, services=services, checkpoints=checkpoints)
    assert checkpoints.kept == {}

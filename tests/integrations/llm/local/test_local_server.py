"""The local model's process: started when it is needed, restarted when it ends, stopped with its owner."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import ModelRequest
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from runwright.agents.failures import EXPLAINED, explain
from runwright.config import HttpSettings, ModelSettings
from runwright.integrations.llm.local_server import LocalModel
from runwright.integrations.llm.registry import Models, ResolvedModel
from runwright.integrations.llm.vendors import ModelNotAvailable

pytestmark = pytest.mark.anyio
FAKE = (sys.executable, "-m", "runwright.integrations.llm.local_fake")
ENDS_AT_ONCE = (sys.executable, "-c", "import sys; sys.exit('no room for the model')")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF")
    return path


@pytest.fixture
async def local(weights: Path, tmp_path: Path) -> AsyncIterator[LocalModel]:
    settings = ModelSettings(local_file=weights, local_sha256=hashlib.sha256(b"GGUF").hexdigest())
    model = LocalModel(settings, tmp_path, command=FAKE, health_seconds=0.05)
    yield model
    await model.aclose()


async def resolved(local: LocalModel) -> ResolvedModel:
    models = Models(ModelSettings(local_timeout=77), HttpSettings(), local=local)
    return await models.resolve("local:tiny", org_id="org", project_id="project")


async def process_of(local: LocalModel) -> int:
    model, question = (await resolved(local)).model, [ModelRequest.user_text_prompt("who?")]
    async with model_request_stream(model, question) as answer:
        async for _ in answer:
            pass
    word, pid, *_ = (answer.get().text or "").split()
    assert word == "process"
    return int(pid)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_starts_with_the_first_question_and_stays(local: LocalModel) -> None:
    assert (await resolved(local)).timeout == 77
    assert await process_of(local) == await process_of(local)


async def test_a_killed_process_is_started_again(local: LocalModel) -> None:
    first = await process_of(local)
    before = await local.access("tiny")
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(30):
        while (await local.access("tiny")).api_key == before.api_key:
            await asyncio.sleep(0.02)
    second = await process_of(local)
    assert second != first
    await local.aclose()
    assert not is_running(second)


async def test_the_process_ends_when_its_owner_is_gone(local: LocalModel) -> None:
    pid = await process_of(local)
    child = local._child
    assert child is not None
    assert child.process.stdin is not None
    local._closed = True
    child.process.stdin.close()
    await child.process.wait()
    assert not is_running(pid)


async def test_a_stranger_has_no_key(local: LocalModel) -> None:
    access = await local.access("tiny")
    assert access.base_url is not None
    assert access.base_url.startswith("http://127.0.0.1:")
    assert len(access.api_key or "") > 40


async def test_a_file_with_another_checksum_is_refused(local: LocalModel, weights: Path) -> None:
    weights.write_bytes(b"GGUF but other")
    with pytest.raises(ModelNotAvailable, match="has not the checksum"):
        await local.access("tiny")


async def test_a_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    model = LocalModel(ModelSettings(), tmp_path, command=FAKE)
    with pytest.raises(ModelNotAvailable, match="runwright models download"):
        await model.access("qwen2.5-coder-1.5b")
    with pytest.raises(ModelNotAvailable, match=r"the one that is set up is local:qwen2\.5-coder-1\.5b"):
        await model.access("other")


async def test_a_process_that_never_comes_up_is_left_alone_after_a_while(weights: Path, tmp_path: Path) -> None:
    model = LocalModel(ModelSettings(local_file=weights), tmp_path, command=ENDS_AT_ONCE)
    with pytest.raises(ModelNotAvailable, match="no room for the model"):
        await model.access("tiny")
    await model.aclose()


async def test_tools_are_refused_in_clear_words(local: LocalModel) -> None:
    found = await resolved(local)
    parameters = ModelRequestParameters(function_tools=[ToolDefinition(name="look")])
    with pytest.raises(EXPLAINED) as caught:
        async with found.model.request_stream([ModelRequest.user_text_prompt("look")], None, parameters):
            pass
    error = explain(caught.value, model=found.id)
    assert "cannot call tools" in str(error)
    assert not error.retryable

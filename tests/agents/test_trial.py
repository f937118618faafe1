"""Trying a model before workflows rely on it."""

from __future__ import annotations

import pytest

from runwright.agents.trial import QUESTION, Trial, try_model
from runwright.config import HttpSettings, ModelSettings
from runwright.integrations.llm.fake_server import Fail, FakeModelServer, Say, Vanish
from runwright.integrations.llm.registry import Models

pytestmark = pytest.mark.anyio


async def trial(server: FakeModelServer, name: str = "compatible:small") -> Trial:
    settings = ModelSettings(compatible_base_url=server.openai_url)
    models = Models(settings, HttpSettings(allow_hosts=frozenset({"127.0.0.1"})), retries=0)
    try:
        return await try_model(models, name, org_id="o", project_id="p")
    finally:
        await models.aclose()


async def test_a_good_model_is_asked_one_short_question() -> None:
    with FakeModelServer(Say("Ready.")) as server:
        done = await trial(server)
        assert server.calls == 1
        assert QUESTION in server.seen[0].body.decode()
    assert done.ok
    assert done.message == "Ready."
    assert done.milliseconds >= 0


async def test_a_refused_key_is_told_in_words() -> None:
    with FakeModelServer(Fail(401, "no such key")) as server:
        done = await trial(server)
    assert not done.ok
    assert "does not accept the key" in done.message
    assert "no such key" in done.message


async def test_a_server_that_hangs_up_is_told_in_words() -> None:
    with FakeModelServer(Vanish()) as server:
        done = await trial(server)
    assert not done.ok
    assert "compatible:small" in done.message


async def test_a_vendor_that_is_not_set_up_is_told_in_words() -> None:
    with FakeModelServer() as server:
        done = await trial(server, "openai:gpt-5-mini")
    assert not done.ok
    assert "not set up" in done.message

"""The agent block at work: tools, checks, limits, the fallback, and what a crash does not repeat."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from runwright.blocks.base import BlockError
from runwright.config import CodeSettings, HttpSettings, ModelSettings
from runwright.integrations.http.fake import FakeServer, Reply
from runwright.integrations.llm.fake_server import (
    BreakOffCall,
    Fail,
    FakeModelServer,
    Give,
    Hang,
    Say,
    Stall,
    Step,
    Use,
)
from runwright.integrations.llm.registry import Models
from runwright.integrations.sandbox.pool import Sandbox
from tests.blocks.support import Events, LocalServices, MemoryCheckpoints
from tests.blocks.test_agent_block import asked, run, services

pytestmark = pytest.mark.anyio

GOOD, BAD = {"verdict": "acceptable", "reason": ""}, {"verdict": "unacceptable", "reason": "it is rude"}


async def refusal(*steps: Step, fields: dict[str, Any], **scope: Any) -> str:
    with FakeModelServer(*steps) as server, pytest.raises(BlockError) as caught:
        await run({"prompt": "Hi", **fields}, services=services(server), **scope)
    assert not caught.value.retryable
    return str(caught.value)


class TestHttpTool:
    @staticmethod
    async def called(url: str, *, target: FakeServer, method: str = "GET", allow: bool = True, **more: Any) -> str:
        """What the model is told when it calls the tool, on a host that it may reach or not."""
        host = f"127.0.0.1:{target.port}" if allow else "api.example.com"
        tools = {"http": {"hosts": [host], "methods": ["GET", "POST"]}}
        call = Use("http_request", {"url": url, "method": method, **more})
        with FakeModelServer(call, Say("Done.")) as server:
            assert await run({"prompt": "Look", "tools": tools}, services=services(server)) == "Done."
            messages = server.seen[1].json()["messages"]
        return str(messages[-1]["content"])

    async def test_a_request(self) -> None:
        with FakeServer(lambda _: Reply(body=b"found it")) as target:
            told = await self.called(f"{target.url}/a", target=target, method="POST", body='{"a": 1}')
            assert told == "HTTP 200\n\nfound it"
            assert (target.seen[0].method, target.seen[0].json()) == ("POST", {"a": 1})

    async def test_other_hosts_and_methods_are_refused(self) -> None:
        with FakeServer(lambda _: Reply()) as target:
            assert "is not allowed" in await self.called(target.url, target=target, allow=False)
            assert "is not allowed" in await self.called(target.url, target=target, method="DELETE")
            assert "is not allowed" in await self.called("http://evil.example/", target=target)
            assert target.seen == []

    async def test_a_redirect_is_not_followed(self) -> None:
        with FakeServer(lambda _: Reply(status=302, headers={"location": "http://evil.example/"})) as target:
            told = await self.called(target.url, target=target)
            assert told.startswith("HTTP 302 to http://evil.example/")

    async def test_a_long_answer_is_cut(self) -> None:
        with FakeServer(lambda _: Reply(body=b"x" * 200_000)) as target:
            assert len(await self.called(target.url, target=target)) < 51_000


class TestCodeTool:
    @pytest.fixture
    async def sandbox(self) -> AsyncIterator[Sandbox]:
        sandbox = Sandbox(CodeSettings(seconds=2, processes=1))
        yield sandbox
        await sandbox.aclose()

    async def test_code_is_run_and_its_errors_are_told(self, sandbox: Sandbox) -> None:
        steps = [Use("run_code", {"code": "print(6 * 7)\n'v'"}), Use("run_code", {"code": "1/0"}), Say("42")]
        with FakeModelServer(*steps) as server:
            used = services(server)
            used.sandbox = sandbox
            assert await run({"prompt": "Count", "tools": {"code": True}}, services=used) == "42"
            assert server.seen[1].json()["messages"][-1]["content"] == '{"printed":"42\\n","value":"v"}'
            assert "Error: The code failed: line 1: ZeroDivisionError" in asked(server, 2)

    async def test_after_a_crash_nothing_answered_is_asked_again(self, sandbox: Sandbox) -> None:
        kept, events = MemoryCheckpoints(), Events()
        fields = {"prompt": "Draw", "tools": {"code": True}}
        call = Use("run_code", {"code": "import random\nrandom.random()"})
        with FakeModelServer(call, Say("Drawn.")) as server:
            used = services(server)
            used.sandbox = sandbox
            await run(fields, services=used, checkpoints=kept, events=events)
            assert await run(fields, services=used, checkpoints=kept) == "Drawn."
            assert server.calls == 2
        assert sorted(kept.kept) == ["model:1", "model:2", "tool:1"]
        call_kept = json.loads(kept.kept["tool:1"].response)
        assert (call_kept["tool"], call_kept["arguments"]) == ("run_code", call.arguments)
        assert [kind for kind, _ in events.seen].count("tool") == 2


async def test_a_tool_that_does_not_exist() -> None:
    fields = {"tools": {"http": {"hosts": ["x.example"]}}}
    with FakeModelServer(Use("rm", {}), Say("Sorry.")) as server:
        assert await run({"prompt": "Hi", **fields}, services=services(server)) == "Sorry."
        assert "rm" in asked(server, 1)
    with FakeModelServer(Use("rm", {})) as server, pytest.raises(BlockError):
        await run({"prompt": "Hi", **fields}, services=services(server))


async def test_a_model_that_loops() -> None:
    loop = Use("http_request", {"url": "http://closed.example/"})
    tools = {"http": {"hosts": ["x.example"]}}
    assert "limits.requests" in await refusal(loop, fields={"tools": tools, "limits": {"requests": 3}})
    assert "limits.tool_calls" in await refusal(loop, fields={"tools": tools, "limits": {"tool_calls": 2}})


async def test_a_call_that_breaks_off_is_not_made() -> None:
    kept = MemoryCheckpoints()
    with FakeServer(lambda _: Reply()) as target:
        fields = {"prompt": "Look", "tools": {"http": {"hosts": [f"127.0.0.1:{target.port}"]}}}
        with FakeModelServer(BreakOffCall("http_request", {"url": target.url})) as server:
            with pytest.raises(BlockError, match="broke off"):
                await run(fields, services=services(server), checkpoints=kept)
            assert server.calls == 1
        assert (target.seen, kept.kept) == ([], {})


async def test_an_answer_that_stalls_ends_at_its_time_and_was_shown_as_it_came() -> None:
    events, kept = Events(), MemoryCheckpoints()
    with FakeModelServer(Stall("Half an answer")) as server, pytest.raises(BlockError, match="did not finish"):
        await run({"prompt": "Hi"}, services=services(server, timeout=0.5), events=events, checkpoints=kept)
    assert events.text == "Half an answer"
    assert kept.kept == {}


async def test_a_judge_is_not_shown_as_the_answer() -> None:
    events, kept = Events(), MemoryCheckpoints()
    fields = {"prompt": "Write", "checks": [{"judge": "It is polite."}]}
    with FakeModelServer(Say("Welcome"), Give(GOOD)) as server:
        await run(fields, services=services(server), events=events, checkpoints=kept)
    assert events.text == "Welcome"
    assert [one.kind for one in kept.kept.values()] == ["model", "judge"]


async def test_checks_then_the_fallback_then_the_error() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    fields = {**TestFallback.FIELDS, "output": schema, "retries": 1}
    with (
        FakeModelServer(Give({"n": "many"})) as server,
        pytest.raises(BlockError, match="does not fit the schema") as caught,
    ):
        await run(fields, services=services(server))
    assert [seen.path for seen in server.seen] == ["/v1/responses"] * 2 + ["/v1/chat/completions"] * 2
    assert "n: 'many' is not of type 'integer'" in str(caught.value)


class TestChecks:
    @pytest.mark.parametrize(
        ("check", "told"),
        [
            ({"matches": "^Dear"}, "must match the pattern ^Dear"),
            ({"if": "'Dear' in output"}, "This must hold for the answer: 'Dear' in output"),
            ({"if": "output | length > 8", "message": "Write more."}, "Write more."),
            ({"schema": {"type": "object"}}, "It is no JSON"),
        ],
    )
    async def test_the_model_is_told_what_failed(self, check: dict[str, Any], told: str) -> None:
        good = '{"text": "Dear all"}' if "schema" in check else "Dear all of you"
        with FakeModelServer(Say("Hello"), Say(good)) as server:
            assert await run({"prompt": "Write", "checks": [check]}, services=services(server)) == good
            assert told in server.seen[1].json()["messages"][-1]["content"]

    async def test_fields_of_a_structured_answer(self) -> None:
        schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
        fields = {"prompt": "Count", "output": schema, "checks": [{"if": "output.n > 2"}]}
        with FakeModelServer(Give({"n": 1}), Give({"n": 3})) as server:
            assert await run(fields, services=services(server)) == '{"n":3}'

    async def test_a_judge(self) -> None:
        kept = MemoryCheckpoints()
        fields = {"prompt": "Write", "checks": [{"judge": "It is polite to {{ who }}."}]}
        with FakeModelServer(Say("Go away"), Give(BAD), Say("Welcome"), Give(GOOD)) as server:
            output = await run(fields, services=services(server), checkpoints=kept, variables={"who": "Ada"})
            assert output == "Welcome"
            assert "It is polite to Ada." in asked(server, 1)
            assert "A judge found: it is rude" in asked(server, 2)
        assert sorted(kept.kept) == ["model:1", "model:2", "model:3", "model:4"]

    async def test_tries_are_limited(self) -> None:
        fields = {"prompt": "Write", "checks": [{"matches": "^Dear"}], "retries": 1}
        with FakeModelServer(Say("Hello")) as server:
            with pytest.raises(BlockError, match="is not good yet"):
                await run(fields, services=services(server))
            assert server.calls == 2

    async def test_a_condition_that_cannot_be_evaluated(self) -> None:
        assert "cannot be evaluated" in await refusal(Say("Hello"), fields={"checks": [{"if": "output.field > 2"}]})

    async def test_the_demo_provider_passes_a_judge(self) -> None:
        local = LocalServices(models=Models(ModelSettings()))
        fields = {"prompt": "Why does it fail?", "checks": [{"judge": "Nothing is unacceptable."}]}
        assert "demo" in await run(fields, services=local)


class TestFallback:
    FIELDS = {"prompt": "Write", "model": "openai:gpt-5-mini", "fallback": "compatible:small"}  # noqa: RUF012

    async def test_when_the_first_model_fails(self) -> None:
        with FakeModelServer(Fail(500), Say("From the second.")) as server:
            assert await run(self.FIELDS, services=services(server)) == "From the second."

    async def test_when_the_first_model_gives_no_good_answer(self) -> None:
        fields = {**self.FIELDS, "retries": 0, "checks": [{"matches": "good"}]}
        with FakeModelServer(Say("bad"), Say("good")) as server:
            assert await run(fields, services=services(server)) == "good"
            assert [seen.path for seen in server.seen] == ["/v1/responses", "/v1/chat/completions"]

    async def test_when_both_fail(self) -> None:
        with FakeModelServer(Fail(500)) as server, pytest.raises(BlockError, match="compatible:small"):
            await run(self.FIELDS, services=services(server))


class TestLimits:
    async def test_time(self) -> None:
        assert "raise limits.seconds" in await refusal(Hang(), fields={"limits": {"seconds": 0.2}})

    async def test_tokens(self) -> None:
        fields = {"limits": {"tokens": 1500}, "checks": [{"matches": "never"}]}
        assert "limits.tokens" in await refusal(Say("Hello"), fields=fields)

    async def test_cost(self) -> None:
        fields = {"model": "openai:gpt-5-mini", "limits": {"cost": 0.000001}, "checks": [{"matches": "never"}]}
        assert "raise limits.cost" in await refusal(Say("Hello"), fields=fields)

    async def test_a_cost_that_cannot_be_told(self) -> None:
        assert "price of compatible:small is not known" in await refusal(Say("Hi"), fields={"limits": {"cost": 1}})


def test_the_settings_of_these_tests_are_closed() -> None:
    """What the tools reach here was opened for these tests alone."""
    assert HttpSettings().allow_hosts == frozenset()

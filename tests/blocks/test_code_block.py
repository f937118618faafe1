"""The code block: what programs get, give and print, and what becomes of those that fail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import ValidationError

from runwright.blocks.base import BlockError, Completed
from runwright.blocks.registry import get
from runwright.config import CodeSettings
from runwright.integrations.sandbox.pool import Sandbox
from tests.blocks.support import Events, LocalServices, MemoryCheckpoints, config, context

pytestmark = pytest.mark.anyio


@pytest.fixture
async def services() -> AsyncIterator[LocalServices]:
    sandbox = Sandbox(CodeSettings(seconds=5, processes=1))
    yield LocalServices(sandbox=sandbox)
    await sandbox.aclose()


async def run(code: str, services: LocalServices, *, inputs: dict[str, Any] | None = None, **scope: Any) -> str:
    block = get("code")
    assert block is not None
    checked = config("code", code=code, inputs=inputs or {})
    result = await block.run(checked, context(services=services, **scope))  # type: ignore[misc]
    assert isinstance(result, Completed)
    return result.output


@pytest.mark.parametrize(
    ("code", "output"),
    [
        ("'text'", "text"),
        ("return 'text'", "text"),
        ("x = 1", ""),
        ("1 + 1", "2"),
        ("True", "true"),
        ("[1, 'a', None]", '[1,"a",null]'),
        ("{'a': (1, 2)}", '{"a":[1,2]}'),
        ("{2, 1}", "[1,2]"),
        ("import datetime\ndatetime.date(2026, 1, 2)", '"2026-01-02"'),
        ("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\nP(3)", '{"x":3}'),
        ("import asyncio\nawait asyncio.sleep(100)\n'slept'", "slept"),
        ("'a\\x00b'", "a\ufffdb"),
    ],
)
async def test_the_value_is_the_output(code: str, output: str, services: LocalServices) -> None:
    assert await run(code, services) == output


@pytest.mark.parametrize("code", ["float('nan')", "b'bytes'", "print", "{(1, 2): 3}"])
async def test_a_value_that_is_no_json_is_an_error(code: str, services: LocalServices) -> None:
    with pytest.raises(BlockError, match="cannot be the block's output") as caught:
        await run(code, services)
    assert not caught.value.retryable


async def test_inputs_are_variables(services: LocalServices) -> None:
    inputs = {"name": "{{ who }}", "previous": "{{ blocks.fetch.output }}", "number": 3, "list": ["{{ who }}"]}
    given = {"variables": {"who": "Ada"}, "upstream": {"fetch": '{"a": 1}'}}
    code = "import json\n{'name': name, 'a': json.loads(previous)['a'], 'number': number + 1, 'list': list}"
    assert json.loads(await run(code, services, inputs=inputs, **given)) == {
        "name": "Ada",
        "a": 1,
        "number": 4,
        "list": ["Ada"],
    }


async def test_values_are_never_code(services: LocalServices) -> None:
    assert await run("name", services, inputs={"name": "{{ who }}"}, variables={"who": "1/0 {{ x }}"}) == "1/0 {{ x }}"


async def test_a_program_sees_nothing_of_the_one_before(services: LocalServices) -> None:
    await run("secret = 1", services)
    with pytest.raises(BlockError, match="name 'secret' is not defined"):
        await run("secret", services)


async def test_what_is_printed_is_shown_and_kept(services: LocalServices) -> None:
    events, kept = Events(), MemoryCheckpoints()
    assert await run("print('one')\nprint('two')\n3", services, events=events, checkpoints=kept) == "3"
    assert "".join(value["text"] for kind, value in events.seen if kind == "log") == "one\ntwo\n"
    assert json.loads(kept.kept["code:1"].response) == {"printed": "one\ntwo\n", "result": "3"}


async def test_a_program_that_ran_before_a_crash_does_not_run_again(services: LocalServices) -> None:
    kept = MemoryCheckpoints()
    code = "import random\nprint('drawing')\nrandom.random()"
    first = await run(code, services, checkpoints=kept)
    assert await run(code, services, checkpoints=kept) == first


async def test_what_was_printed_before_a_failure_is_kept(services: LocalServices) -> None:
    kept = MemoryCheckpoints()
    for _ in range(2):
        with pytest.raises(BlockError, match=r"The code failed: line 3: ZeroDivisionError: division by zero"):
            await run("print('here')\n\n1 / 0", services, checkpoints=kept)
    assert json.loads(kept.kept["code:1"].response) == {"printed": "here\n", "result": None}


async def test_printing_without_end_is_cut(services: LocalServices) -> None:
    events = Events()
    assert await run("for _ in range(100): print('x' * 10000)\n1", services, events=events) == "1"
    printed = "".join(value["text"] for _, value in events.seen)
    assert 100_000 <= len(printed) <= 100_200
    assert "left out" in printed


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("x = (", "line 1: SyntaxError"),
        ("class A: pass\nclass B(A): pass", "class inheritance"),
        ("def f():\n    return g()\n\nf()", "line 2: NameError: name 'g' is not defined"),
        ("import requests", "No module named 'requests'"),
    ],
)
async def test_an_error_names_its_line(code: str, words: str, services: LocalServices) -> None:
    with pytest.raises(BlockError, match=words):
        await run(code, services)


async def test_a_timeout_of_the_block_shortens_the_time(services: LocalServices) -> None:
    with pytest.raises(BlockError, match=r"longer than the 0\.1 seconds"):
        await run("while True: pass", services, timeout=0.1)


async def test_an_interrupted_program_is_killed(services: LocalServices) -> None:
    psutil = pytest.importorskip("psutil")
    task = asyncio.create_task(run("print('on')\nwhile True: pass", services, events=(events := Events())))
    while not events.seen:
        await asyncio.sleep(0.01)
    workers = [child.pid for child in psutil.Process().children() if child.name() == "monty"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await run("'next'", services) == "next"
    assert [pid for pid in workers if psutil.pid_exists(pid)] == []


async def test_a_process_that_dies_is_replaced(services: LocalServices) -> None:
    psutil = pytest.importorskip("psutil")
    task = asyncio.create_task(run("print('on')\nwhile True: pass", services, events=(events := Events())))
    while not events.seen:
        await asyncio.sleep(0.01)
    for child in psutil.Process().children():
        if child.name() == "monty":
            child.kill()
    with pytest.raises(BlockError, match="ended unexpectedly") as caught:
        await task
    assert caught.value.retryable
    assert await run("'next'", services) == "next"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": " "}, "code is empty"),
        ({"code": "1", "inputs": {"a-b": "1"}}, "no name for a variable"),
        ({"code": "1", "inputs": {"class": "1"}}, "no name for a variable"),
        ({"code": "1", "language": "ruby"}, "python"),
    ],
)
def test_what_is_wrong_is_said_when_the_workflow_is_saved(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        config("code", **fields)

"""What blocks are run with in these tests: the real expressions, the real HTTP client, checkpoints in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runwright.blocks.base import (
    BlockConfig,
    BlockContext,
    BlockError,
    Call,
    Checkpoint,
    Feedback,
    Scope,
)
from runwright.blocks.registry import get
from runwright.config import HttpSettings
from runwright.engine.items import NoItems
from runwright.integrations.http.client import GuardedClient
from runwright.kit.clock import Millis, now_ms
from runwright.kit.json import Json
from runwright.workflows import expressions


@dataclass
class MemoryCheckpoints:
    """Keeps checkpoints for the time of a test."""

    kept: dict[str, Checkpoint] = field(default_factory=dict)

    async def get(self, name: str) -> Checkpoint | None:
        return self.kept.get(name)

    async def put(self, name: str, checkpoint: Checkpoint) -> None:
        self.kept[name] = checkpoint


@dataclass
class LocalServices:
    """The outside world of a test."""

    http: Any = field(default_factory=lambda: GuardedClient(HttpSettings(allow_hosts=frozenset({"127.0.0.1"}))))
    models: Any = None
    credentials: Any = None
    sandbox: Any = None
    mcp: Any = None

    def callback_address(self, execution_id: str, key: str) -> str:
        return f"http://127.0.0.1/{execution_id}/{key}"

    def render(self, value: Json, scope: Scope) -> Json:
        return expressions.render(value, scope)

    def test(self, condition: str, scope: Scope) -> bool:
        return expressions.test(condition, scope)


class NoCalls:
    """No workflow can be called."""

    async def find(self, number: int = 0) -> Call | None:
        return None

    async def start(
        self, number: int = 0, *, workflow_id: str | None, name: str | None, inputs: Mapping[str, str]
    ) -> Call:
        raise BlockError("This project has no workflows.")

    async def cancel(self, number: int = 0, *, reason: str) -> None:
        return


class FreeBudget:
    """Anything may be spent."""

    async def check(self) -> None:
        return

    def require_known(self, cost_micros: int | None, *, model: str) -> None:
        return

    async def model(self) -> str | None:
        return None


@dataclass
class Mailbox:
    """What came in for the block."""

    body: str | None = None

    async def received(self) -> str | None:
        return self.body


@dataclass
class Events:
    """The live events a block sent."""

    seen: list[tuple[str, Json]] = field(default_factory=list)

    def __call__(self, kind: str, value: Json) -> None:
        self.seen.append((kind, value))

    @property
    def text(self) -> str:
        """What a watcher has read of the answer; pieces say where they belong, and may come twice."""
        text = ""
        for kind, value in self.seen:
            if kind == "text":
                text = text[: value["offset"]] + value["delta"]
        return text


def context(
    *,
    variables: Mapping[str, str] | None = None,
    upstream: Mapping[str, str] | None = None,
    services: LocalServices | None = None,
    checkpoints: MemoryCheckpoints | None = None,
    feedback: Feedback | None = None,
    events: Events | None = None,
    attempt: int = 1,
    timeout: float | None = None,
    callback: str | None = None,
    started_at: Millis | None = None,
) -> BlockContext:
    """A context as the engine would make it."""
    return BlockContext(
        org_id="org",
        project_id="project",
        execution_id="0190f0c4-0000-7000-8000-000000000001",
        key="block",
        name="Block",
        attempt=attempt,
        round=0,
        scope=Scope(variables=variables or {}, outputs=upstream or {}),
        upstream=upstream or {},
        feedback=feedback,
        checkpoints=checkpoints or MemoryCheckpoints(),
        services=services or LocalServices(),
        emit=events or Events(),
        calls=NoCalls(),
        items=NoItems(),
        budget=FreeBudget(),
        callback=Mailbox(callback),
        started_at=now_ms() if started_at is None else started_at,
        timeout=timeout,
    )


def config(kind: str, **fields: Any) -> BlockConfig:
    """A checked configuration, from the fields as they stand in a file."""
    block = get(kind)
    assert block is not None
    return block.config_model.model_validate(fields)

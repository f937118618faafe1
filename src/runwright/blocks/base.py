"""The contract of a block type. A new type is one file in this folder with one subclass of :class:`Block`."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from runwright.kit.clock import Millis
from runwright.kit.json import Json


class Marker(StrEnum):
    """How the strings inside a configuration field are read."""

    TEMPLATE = "template"
    CONDITION = "condition"


TemplateText = Annotated[str, Marker.TEMPLATE]
"""A text in which ``{{ name }}`` is looked up."""

TemplateJson = Annotated[Any, Marker.TEMPLATE]
"""JSON in which every string, at any depth, may hold ``{{ name }}``."""

ConditionText = Annotated[str, Marker.CONDITION]
"""A boolean expression over the names a template knows."""


class BlockConfig(BaseModel):
    """The fields of one block type, as written in the YAML file. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    def branch_names(self) -> tuple[str, ...]:
        """The branches that blocks downstream can name in ``needs: [key.branch]``; most types have none."""
        return ()


def wrong(message: str) -> PydanticCustomError:
    """The error a validator of a configuration raises: the sentence reaches the user as it is."""
    return PydanticCustomError("block_config", "{message}", {"message": message})


class BlockError(Exception):
    """A block failed. The text is shown to people: a sentence that says what to do.

    ``retryable`` tells whether the block's own ``retry`` may try again.
    """

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


@dataclass(frozen=True, slots=True)
class Completed:
    """The block is done. ``branch`` is set by types with branches."""

    output: str
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Parked:
    """The block has nothing to do before the given moment; the engine then completes it."""

    until: Millis


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """How a review is asked for; ``deadline`` in seconds."""

    message: str = ""
    deadline: float | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True)
class NeedsReview:
    """The block waits for a person; ``proposed`` is what is judged, if anything is."""

    policy: ReviewPolicy
    proposed: str | None = None


BlockResult = Completed | Parked | NeedsReview


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reviewer said when sending the block back, and the output it was said of."""

    comment: str
    previous_output: str | None


@dataclass(frozen=True, slots=True)
class Scope:
    """All that a template or condition can look up.

    ``outputs`` maps the keys of settled blocks to their output text; skipped ones are absent.
    """

    variables: Mapping[str, str]
    outputs: Mapping[str, str] = field(default_factory=dict)
    trigger: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One answered request to the outside. Cost in millionths of a US dollar; None: price unknown."""

    kind: str
    request_hash: str
    response: str
    started_at: Millis
    finished_at: Millis
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_micros: int | None = None


class CheckpointStore(Protocol):
    """What was answered during this attempt of the block, kept so that a crash asks, and pays, once."""

    async def get(self, name: str) -> Checkpoint | None:
        """The answer kept under this name, or None."""

    async def put(self, name: str, checkpoint: Checkpoint) -> None:
        """Keep an answer; returns when it is durable. Its cost is booked in the same transaction."""


@dataclass(frozen=True, slots=True)
class BlockContext:
    """What the engine hands a block that runs."""

    org_id: str
    project_id: str
    execution_id: str
    key: str
    name: str
    attempt: int
    round: int
    scope: Scope
    upstream: Mapping[str, str]
    """Outputs of the blocks this one needs, by key."""
    feedback: Feedback | None
    checkpoints: CheckpointStore
    services: Services
    emit: Callable[[str, Json], None]
    """Send a live event (``text``, ``log``, ``request``) to those who watch; never waits, never fails."""
    timeout: float | None = None
    """Seconds the block may take, when its file says so; the engine stops it then."""

    @property
    def idempotency_key(self) -> str:
        """The same for every attempt at the same work, so that a target can tell a repetition."""
        return f"{self.execution_id}:{self.key}:{self.round}"

    def render(self, value: Json) -> Json:
        """Look up every ``{{ name }}`` in a text, or in all texts of a JSON value.

        Raises:
            BlockError: a name is not there, or a filter refused its value.
        """
        return self.services.render(value, self.scope)

    def test(self, condition: str) -> bool:
        """Evaluate a condition over the same names.

        Raises:
            BlockError: a name is not there, or the values do not compare.
        """
        return self.services.test(condition, self.scope)


class Services(Protocol):
    """The outside world as blocks see it; made once a process, each part with a fake that ships."""

    def render(self, value: Json, scope: Scope) -> Json:
        """See :meth:`BlockContext.render`."""

    def test(self, condition: str, scope: Scope) -> bool:
        """See :meth:`BlockContext.test`."""

    @property
    def http(self) -> Any:
        """The guarded HTTP client, ``integrations.http.GuardedClient``."""

    @property
    def models(self) -> Any:
        """The language models, ``integrations.llm.registry.Models``."""

    @property
    def credentials(self) -> Any:
        """The credentials of the project's connections, ``integrations.http.credentials.Credentials``."""

    @property
    def sandbox(self) -> Any:
        """Where users' code runs, ``integrations.sandbox.pool.Sandbox``."""


C = TypeVar("C", bound=BlockConfig)


class Block(ABC, Generic[C]):
    """One block type. Instances hold no state: one serves every execution."""

    type: ClassVar[str]
    """The word in the YAML file."""
    title: ClassVar[str]
    description: ClassVar[str]
    icon: ClassVar[str]
    """A Tabler icon name, for the editor."""
    config_model: ClassVar[builtins.type[BlockConfig]]
    inline: ClassVar[bool] = False
    """Pure and instant: the engine runs it on the spot and may settle several in one commit."""

    @abstractmethod
    def run(self, config: C, context: BlockContext) -> Awaitable[BlockResult] | BlockResult:
        """Do the work. Inline types define it as a plain function, the others as a coroutine.

        It may be interrupted at any ``await`` (cancellation, timeout) and, after a crash, run again.

        Raises:
            BlockError: the block failed, in words for people.
        """

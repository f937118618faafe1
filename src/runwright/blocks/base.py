"""The contract of a block type. A new type is one file in this folder with one subclass of :class:`Block`."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
    BLOCK = "block"
    """Not a text: another block, with its ``type`` and that type's fields."""


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

    def takes_callbacks(self) -> bool:
        """Whether the block has an address of its own that outside systems call back, ``blocks.KEY.callback``."""
        return False


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
    """The block has nothing to do before the given moment, or before something it waits for has happened.

    The engine lets go of it and runs it again at the moment, or as soon as a call it made has ended or a callback has
    come in; it may be run again earlier than that, and then parks again.
    """

    until: Millis | None = None


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """How a review is asked for; ``deadline`` in seconds."""

    message: str = ""
    deadline: float | None = None
    default: str | None = None


class ReviewKind(StrEnum):
    """What a person is asked: whether an output is good, or whether more may be spent."""

    OUTPUT = "output"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class NeedsReview:
    """The block waits for a person; ``proposed`` is what is judged, if anything is."""

    policy: ReviewPolicy
    proposed: str | None = None
    kind: ReviewKind = ReviewKind.OUTPUT


BlockResult = Completed | Parked | NeedsReview


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reviewer said when sending the block back, and the output it was said of."""

    comment: str
    previous_output: str | None


@dataclass(frozen=True, slots=True)
class Scope:
    """All that a template or condition can look up.

    ``outputs`` maps the keys of settled blocks to their output text; skipped ones are absent. ``callbacks`` has the
    address a ``wait`` block is called back at, by its key. ``local`` has ``item`` and ``index`` inside a ``map``.
    """

    variables: Mapping[str, str]
    outputs: Mapping[str, str] = field(default_factory=dict)
    trigger: Mapping[str, Json] = field(default_factory=dict)
    callbacks: Mapping[str, str] = field(default_factory=dict)
    local: Mapping[str, Json] = field(default_factory=dict)


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
class Call:
    """An execution of another workflow that a block started. ``output`` is that workflow's result once it is there."""

    execution_id: str
    settled: bool
    output: str | None = None
    error: str | None = None
    """Why there is no result, as a sentence."""


class Calls(Protocol):
    """The other workflows that a block calls. A call is known by its number, so that a crash starts it once."""

    async def find(self, number: int = 0) -> Call | None:
        """The call of this number as it stands now, or None when it was not started yet."""

    async def start(
        self, number: int = 0, *, workflow_id: str | None, name: str | None, inputs: Mapping[str, str]
    ) -> Call:
        """Start a workflow of the same project, by id or by name, unless this number was started before.

        Raises:
            BlockError: there is no such workflow, its inputs are wrong, or calls are nested too deeply.
        """

    async def cancel(self, number: int = 0, *, reason: str) -> None:
        """Cancel a call that has not ended."""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How one item of a list ended: with an output, or with an error."""

    output: str | None = None
    error: str | None = None


class Items(Protocol):
    """Runs a block's inner block for each item of a list; what is finished is kept, and never runs twice."""

    async def run_each(
        self, values: Sequence[Json], *, concurrency: int, stop_on_error: bool
    ) -> Sequence[ItemResult] | Parked:
        """The results in the order of the list; Parked while some of them have to wait.

        With ``stop_on_error`` nothing new is begun once an item failed, and what was not begun is left out of the
        results' outputs and errors alike.
        """


class Budget(Protocol):
    """What the execution may spend."""

    async def check(self) -> None:
        """Called before everything that costs money.

        Raises:
            CeilingReached: a person has to decide before more is spent.
        """

    def require_known(self, cost_micros: int | None, *, model: str) -> None:
        """Called with what an answer cost.

        Raises:
            BlockError: the execution has a ceiling, which cannot be kept with a model whose price is not known.
        """

    async def model(self) -> str | None:
        """The cheaper model that a person chose for the rest of the execution, as ``vendor:name``."""


class CeilingReached(Exception):
    """The execution has spent what it may; the engine asks a person whether it goes on.

    ``first`` is false when that question is open already: then the block waits for its answer.
    """

    def __init__(self, *, first: bool = True) -> None:
        super().__init__("the execution has spent what it may")
        self.first = first


class CallbackBox(Protocol):
    """Where what was sent to the block's callback address arrives."""

    async def received(self) -> str | None:
        """The body that was sent, or None when nothing came in yet."""


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
    calls: Calls
    items: Items
    budget: Budget
    callback: CallbackBox
    started_at: Millis
    """When the block began, however often it parked since."""
    timeout: float | None = None
    """Seconds the block may take, when its file says so; the engine stops it then."""
    item: int | None = None
    """The place in its list, counted from 0, of an item of a ``map`` block."""

    @property
    def idempotency_key(self) -> str:
        """The same for every attempt at the same work, so that a target can tell a repetition."""
        whole = f"{self.execution_id}:{self.key}:{self.round}"
        return whole if self.item is None else f"{whole}:{self.item}"

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

    def callback_address(self, execution_id: str, key: str) -> str:
        """Where an outside system sends what a ``wait`` block of an execution waits for."""

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

    @property
    def mcp(self) -> Any:
        """The project's MCP servers, ``integrations.mcp.client.McpServers``."""

    @property
    def blobs(self) -> Any:
        """Where the contents of files are kept, ``integrations.storage.base.BlobStore``."""

    @property
    def files(self) -> Any:
        """The files that agents read, ``artifacts.tools.FileTools``; None where there are none."""


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
    parks: ClassVar[bool] = False
    """Answers with :class:`Parked` as a rule, and so minds its timeout itself, counted from ``started_at``."""

    def is_inline(self, config: C) -> bool:
        """Whether it is pure and instant with this configuration."""
        return self.inline

    @abstractmethod
    def run(self, config: C, context: BlockContext) -> Awaitable[BlockResult] | BlockResult:
        """Do the work. Inline types define it as a plain function, the others as a coroutine.

        It may be interrupted at any ``await`` (cancellation, timeout) and, after a crash, run again.

        Raises:
            BlockError: the block failed, in words for people.
        """

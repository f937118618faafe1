"""A workflow as the product thinks of it, made by ``parser`` from a YAML file and never changed after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from runwright.blocks.base import BlockConfig, ReviewPolicy


class Concurrency(StrEnum):
    """What an API trigger does with the workflow's earlier API-triggered executions."""

    PARALLEL = "parallel"
    CANCEL_PREVIOUS = "cancel_previous"


class OnError(StrEnum):
    """What a block's final failure means for the blocks that need it."""

    FAIL = "fail"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class InputSpec:
    """A context variable. One that is neither required nor has a default is the empty text when not sent."""

    name: str
    description: str = ""
    required: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """An edge: the block needed, and the branch of it that must have been taken, if one is named."""

    key: str
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """``attempts`` counts the first try too; ``backoff`` is the pause in seconds before the second, doubling."""

    attempts: int = 1
    backoff: float = 1.0


@dataclass(frozen=True, slots=True)
class BlockDefinition:
    """One block. ``line`` is where its key stands in the file, counted from 1."""

    key: str
    type: str
    config: BlockConfig
    name: str
    description: str = ""
    needs: tuple[Need, ...] = ()
    condition: str | None = None
    timeout: float | None = None
    retry: Retry = Retry()
    on_error: OnError = OnError.FAIL
    review: ReviewPolicy | None = None
    artifact: bool | str = False
    inner: BlockDefinition | None = None
    """The block that runs for each item; only ``map`` blocks have one."""
    line: int = 0
    names: tuple[str, ...] = ()
    """Context variables that its texts and conditions name: with the outputs of what it needs, its inputs."""
    referenced: tuple[str, ...] = ()
    """Keys of blocks whose output its texts and conditions name; each is upstream of it."""


@dataclass(frozen=True, slots=True)
class ApiTrigger:
    """The settings of the API trigger; off by default, as on the API page."""

    enabled: bool = False
    concurrency: Concurrency = Concurrency.PARALLEL


@dataclass(frozen=True, slots=True)
class Limits:
    """What an execution may spend, in US dollars, before a person is asked; and the model that may finish it then."""

    cost: float | None = None
    cheaper_model: str | None = None


@dataclass(frozen=True, slots=True)
class WorkflowDefinition:
    """A whole workflow. ``blocks`` keeps the order of the file; ``order`` is a topological one, stable over it."""

    name: str
    description: str
    category: str
    inputs: Mapping[str, InputSpec]
    condition: str | None
    blocks: Mapping[str, BlockDefinition]
    order: tuple[str, ...]
    api: ApiTrigger | None = None
    """None when the file says nothing of triggers."""
    dependents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each block, those that need it directly."""
    limits: Limits = Limits()
    tests: tuple[BlockConfig, ...] = ()
    """Its tests, each a ``tests_section.WorkflowTest``; they have no part in a run."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where, what, and what to do. Lines and columns count from 1."""

    line: int
    column: int
    path: str
    message: str


class WorkflowFileError(Exception):
    """The file is no valid workflow; ``problems`` has at least one entry, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        shown = "; ".join(f"line {p.line}: {p.message}" for p in problems[:3])
        more = f"; and {len(problems) - 3} more" if len(problems) > 3 else ""
        super().__init__(shown + more)
        self.problems = problems

"""What ``/api/v1`` answers about executions: the public status object, and what the management of runs adds."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from runwright.executions.calls import CalledExecution
from runwright.executions.details import ExecutionDetails
from runwright.executions.estimates import Estimate
from runwright.executions.items import ItemCounts, ItemState
from runwright.executions.status import Status
from runwright.executions.view import to_public
from runwright.kit.json import Json, loads
from runwright.kit.money import format_usd
from runwright.kit.schemas import ApiInput, ApiModel, Moment


class ExecutionSummary(ApiModel):
    """One line of the list of runs. ``cost`` is in US dollars."""

    id: str
    workflow_id: str
    workflow_version_id: str
    workflow_name: str
    project_id: str
    status: Status
    preview: bool
    trigger_type: str
    block_count: int
    completed_blocks: int
    cost: str
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    error: str | None
    cancel_reason: str | None
    parent_id: str | None

    @classmethod
    def of(cls, details: ExecutionDetails) -> ExecutionSummary:
        return cls(**_summary(details))


def _summary(details: ExecutionDetails) -> dict[str, Any]:
    row = details.row
    same = set(ExecutionSummary.model_fields) - {"completed_blocks", "cost"}
    return {
        **{name: getattr(row, name) for name in same},
        "completed_blocks": details.completed_blocks,
        "cost": format_usd(details.cost_micros),
    }


class ItemCountsOut(ApiModel):
    """How many items of a map block stand how; those that were not begun are in none of the counts."""

    completed: int
    failed: int
    running: int


class ItemOut(ApiModel):
    """An item of a map block, by its place in the list, counted from 0."""

    item: int
    status: Status
    attempt: int
    started_at: Moment | None
    finished_at: Moment | None
    output: str | None
    error: str | None

    @classmethod
    def of(cls, state: ItemState) -> ItemOut:
        return cls(**{name: getattr(state, name) for name in cls.model_fields})


class BlockOut(ApiModel):
    """A block of a run, with what the canvas and the timeline show beyond the public status object.

    ``takesCallback``: while it runs it waits for somebody to call its address.
    """

    key: str
    name: str
    type: str
    needs: list[str]
    status: Status
    attempt: int
    round: int
    branch: str | None
    started_at: Moment | None
    finished_at: Moment | None
    due_at: Moment | None
    inputs: dict[str, str]
    output: str | None
    error: str | None
    reason: str | None
    takes_callback: bool
    items: ItemCountsOut | None


class RequestOut(ApiModel):
    """A model request, tool call or run of code that was answered, and so is never asked again.

    ``detail`` is what a person wants to see of it: of a model its text and the tools it called, of a tool its arguments
    and result, of code what it printed; long texts are cut.
    """

    block_key: str
    round: int
    attempt: int
    name: str
    kind: str
    model: str | None
    input_tokens: int | None
    output_tokens: int | None
    cost: str | None
    started_at: Moment
    finished_at: Moment
    detail: Any


class CalledOut(ApiModel):
    """An execution of another workflow that a block started. ``name`` tells the block's calls apart."""

    block_key: str
    name: str
    execution_id: str
    workflow_name: str
    status: Status


class ExecutionOut(ExecutionSummary):
    """A run with its blocks, in graph order. ``workflowVersion`` is the number of the version that ran."""

    revision: int
    workflow_version: int | None
    updated_at: Moment
    cancel_requested_at: Moment | None
    trigger_payload: dict[str, str]
    trigger_metadata: dict[str, Any]
    blocks: list[BlockOut]
    requests: list[RequestOut] = Field(description="The first thousand, in the order in which they were made.")
    called: list[CalledOut]

    @classmethod
    def of(cls, details: ExecutionDetails) -> ExecutionOut:
        row = details.row
        return cls(
            **_summary(details),
            revision=row.revision,
            workflow_version=details.version_number,
            updated_at=row.updated_at,
            cancel_requested_at=row.cancel_requested_at,
            trigger_payload=loads(row.trigger_payload),
            trigger_metadata=loads(row.trigger_metadata),
            blocks=_blocks(details),
            requests=[_request(values) for values in details.requests],
            called=[_called(call) for call in details.called],
        )


def _blocks(details: ExecutionDetails) -> list[BlockOut]:
    shown = to_public(details.view)["state"]["blocks"]
    blocks = []
    for key in details.view.definition.order:
        definition, state = details.view.definition.blocks[key], details.state(key)
        needs = [need.key if need.branch is None else f"{need.key}.{need.branch}" for need in definition.needs]
        blocks.append(
            BlockOut(
                key=key,
                name=definition.name,
                type=definition.type,
                needs=needs,
                status=state.status,
                attempt=state.attempt,
                round=state.round,
                branch=state.branch,
                started_at=state.started_at,
                finished_at=state.finished_at,
                due_at=state.due_at,
                inputs=shown[key]["inputs"],
                output=state.output,
                error=state.error,
                reason=state.reason,
                takes_callback=definition.config.takes_callbacks(),
                items=_counts(details.items.get(key)),
            )
        )
    return blocks


def _counts(counts: ItemCounts | None) -> ItemCountsOut | None:
    if counts is None:
        return None
    return ItemCountsOut(completed=counts.completed, failed=counts.failed, running=counts.running)


def _request(values: dict[str, Json]) -> RequestOut:
    cost = values.pop("cost_micros")
    return RequestOut(**values, cost=None if cost is None else format_usd(cost))


def _called(call: CalledExecution) -> CalledOut:
    return CalledOut(**{name: getattr(call, name) for name in CalledExecution.__slots__})


class StartIn(ApiInput):
    """Start a workflow by hand: its context variables, and which version; without one the published version runs."""

    inputs: dict[str, str] = Field(default_factory=dict)
    version_id: str | None = None
    version: int | None = Field(default=None, ge=1, le=2**31 - 1, description="The version's number, as versionId.")
    preview: bool = False


class StartedOut(ApiModel):
    """The execution that was started."""

    execution_id: str


class EstimateOut(ApiModel):
    """What the last completed runs of a workflow say of the next; cost in US dollars, time in seconds.

    ``typical`` is the median of the ``runs`` that were looked at, ``high`` what nine of ten stayed below.
    """

    runs: int
    typical_cost: str | None
    high_cost: str | None
    typical_seconds: float | None
    high_seconds: float | None

    @classmethod
    def of(cls, estimate: Estimate) -> EstimateOut:
        return cls(
            runs=estimate.runs,
            typical_cost=_usd(estimate.typical_cost),
            high_cost=_usd(estimate.high_cost),
            typical_seconds=_seconds(estimate.typical_millis),
            high_seconds=_seconds(estimate.high_millis),
        )


def _usd(micros: int | None) -> str | None:
    return None if micros is None else format_usd(micros)


def _seconds(millis: int | None) -> float | None:
    return None if millis is None else millis / 1000


class CancelIn(ApiInput):
    """Why the execution is cancelled, for those who read of it later."""

    reason: str | None = None

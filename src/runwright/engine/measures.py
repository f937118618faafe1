"""What the metrics learn of a commit of the driver."""

from __future__ import annotations

from collections.abc import Iterable

from runwright.executions.state import BlockState
from runwright.executions.status import SETTLED, Status
from runwright.executions.transitions import Ending
from runwright.kit.clock import Millis, now_ms
from runwright.observability.metrics import Metrics
from runwright.workflows.definition import WorkflowDefinition


def measure(
    metrics: Metrics,
    definition: WorkflowDefinition,
    changes: Iterable[tuple[Status, BlockState]],
    *,
    ending: Ending | None,
    created_at: Millis,
) -> None:
    """Count the blocks that settled, and the execution if it did, once the commit stands."""
    for _, state in changes:
        if state.status in SETTLED and state.started_at is not None and state.finished_at is not None:
            metrics.block_finished(
                definition.blocks[state.key].type,
                status=state.status.value,
                seconds=(state.finished_at - state.started_at) / 1000,
            )
    if ending is not None and ending.status in SETTLED:
        metrics.execution_finished(ending.status.value, seconds=(now_ms() - created_at) / 1000)

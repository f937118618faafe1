"""The call of one workflow by a block of another: the called one runs as an execution of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from runwright.accounts.credits import credit_exhausted
from runwright.executions import calls
from runwright.executions.calls import CallPlace
from runwright.executions.state import ExecutionRow
from runwright.triggers.base import Start, TriggerType, start_execution
from runwright.workflows.cache import load_definition
from runwright.workflows.definition import WorkflowDefinition
from runwright.workflows.models import workflows

MAX_DEPTH: Final = 10
"""How many calls may be nested: a workflow that calls itself ends here."""


class CallRefused(Exception):
    """The workflow cannot be called; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which workflow is called, by its id or its name, and with what."""

    workflow_id: str | None
    name: str | None
    inputs: Mapping[str, str]


def start_call(conn: sa.Connection, parent: ExecutionRow, *, place: CallPlace, wanted: Wanted) -> str:
    """Start the called workflow's published version; the id of its execution. A place starts one execution, ever.

    The caller holds the parent's claim, and sends ``Signal.DUE`` after the commit.

    Raises:
        CallRefused: there is no such workflow, it takes other inputs, or calls are nested too deeply.
    """
    started = calls.child_of(conn, place)
    if started is not None:
        return started
    if parent.depth >= MAX_DEPTH:
        raise CallRefused(
            f"Calls are nested {MAX_DEPTH} deep, which is as far as they go: {_chain(conn, parent)}. "
            "Does a workflow call itself?"
        )
    workflow = _find(conn, parent, wanted)
    definition = load_definition(conn, workflow.published_version_id)
    _check_inputs(definition, wanted.inputs)
    if credit_exhausted(conn, parent.org_id):
        raise CallRefused("The organization has reached its credit limit; an admin can raise it.")
    start = Start(
        org_id=parent.org_id,
        project_id=parent.project_id,
        workflow_id=workflow.id,
        version_id=workflow.published_version_id,
        definition=definition,
        trigger=TriggerType(parent.trigger_type),
        payload=wanted.inputs,
        metadata={"parentExecutionId": parent.id, "parentBlock": place.block_key},
        preview=parent.preview,
        parent_id=parent.id,
        depth=parent.depth + 1,
    )
    child_id = start_execution(conn, start).execution_id
    calls.add(conn, place, child_id=child_id)
    return child_id


def _find(conn: sa.Connection, parent: ExecutionRow, wanted: Wanted) -> sa.Row[tuple[str, str | None]]:
    named = f'"{wanted.name}"' if wanted.workflow_id is None else wanted.workflow_id
    chosen = workflows.c.name == wanted.name if wanted.workflow_id is None else workflows.c.id == wanted.workflow_id
    found = conn.execute(
        sa.select(workflows.c.id, workflows.c.published_version_id)
        .where(
            workflows.c.org_id == parent.org_id,
            workflows.c.project_id == parent.project_id,
            workflows.c.archived_at.is_(None),
            chosen,
        )
        .limit(2)
    ).all()
    if not found:
        raise CallRefused(f"This project has no workflow {named}, or it is archived.")
    if len(found) > 1:
        raise CallRefused(f"This project has more than one workflow {named}: name it by its id.")
    if found[0].published_version_id is None:
        raise CallRefused(f"The workflow {named} was never published, so it cannot be called.")
    return found[0]


def _check_inputs(definition: WorkflowDefinition, inputs: Mapping[str, str]) -> None:
    unknown = [name for name in inputs if name not in definition.inputs]
    if unknown:
        known = ", ".join(definition.inputs) or "none"
        raise CallRefused(f'"{definition.name}" has no context variable {", ".join(unknown)}; it has {known}.')
    missing = [
        name
        for name, spec in definition.inputs.items()
        if spec.required and spec.default is None and not inputs.get(name)
    ]
    if missing:
        raise CallRefused(f'"{definition.name}" requires {", ".join(missing)}; add it to inputs.')


def _chain(conn: sa.Connection, row: ExecutionRow) -> str:
    return " → ".join(f'"{name}"' for name in calls.ancestry(conn, row))

"""The API trigger: whether this caller may start this workflow, and with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from runwright import errors
from runwright.accounts.credits import credit_exhausted
from runwright.accounts.models import memberships, projects
from runwright.db.database import insert_ignore
from runwright.executions.models import idempotency_keys
from runwright.kit.clock import now_ms
from runwright.kit.json import Json
from runwright.triggers.base import Start, TriggerType, start_execution
from runwright.workflows.cache import load_definition
from runwright.workflows.definition import Concurrency, WorkflowDefinition
from runwright.workflows.models import workflows

IDEMPOTENCY_WINDOW_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Target:
    """A workflow that may be triggered over the API, as it stands now."""

    workflow_id: str
    org_id: str
    project_id: str
    version_id: str
    concurrency: Concurrency
    definition: WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The caller's own name for a trigger, and the fingerprint of what was sent with it."""

    key: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a trigger came to: the execution, whether it was there before, and those it superseded."""

    execution_id: str
    replayed: bool = False
    cancelled: tuple[str, ...] = ()


_TARGET = (
    sa.select(
        workflows.c.org_id,
        workflows.c.project_id,
        workflows.c.published_version_id,
        workflows.c.api_enabled,
        workflows.c.api_concurrency,
        workflows.c.archived_at,
        projects.c.id.label("project"),
        memberships.c.role,
    )
    .select_from(
        workflows.outerjoin(projects, projects.c.id == workflows.c.project_id).outerjoin(
            memberships,
            sa.and_(memberships.c.org_id == workflows.c.org_id, memberships.c.user_id == sa.bindparam("user")),
        )
    )
    .where(workflows.c.id == sa.bindparam("workflow"))
)


def find_target(conn: sa.Connection, workflow_id: str, *, org_id: str, user_id: str) -> Target:
    """The workflow this caller may trigger; the checks come in the order of the product's contract.

    Raises:
        PublicError: with the API page's own message.
    """
    row = conn.execute(_TARGET, {"workflow": workflow_id.lower(), "user": user_id}).first()
    if row is None or not row.api_enabled or row.published_version_id is None or row.archived_at is not None:
        raise errors.template_not_found()
    if row.project_id is None:
        raise errors.template_without_project()
    if row.project is None:
        raise errors.project_not_found()
    if row.org_id != org_id:
        raise errors.other_organization()
    if row.role is None:
        raise errors.not_a_member()
    return Target(
        workflow_id=workflow_id.lower(),
        org_id=row.org_id,
        project_id=row.project_id,
        version_id=row.published_version_id,
        concurrency=Concurrency(row.api_concurrency),
        definition=load_definition(conn, row.published_version_id),
    )


def check_variables(definition: WorkflowDefinition, payload: Mapping[str, str]) -> None:
    """Compare what was sent with the workflow's context variables.

    Raises:
        PublicError: a key is not defined, or a required one is missing.
    """
    unknown = [name for name in payload if name not in definition.inputs]
    if unknown:
        raise errors.unexpected_fields(unknown)
    missing = [
        name
        for name, spec in definition.inputs.items()
        if spec.required and spec.default is None and name not in payload
    ]
    if missing:
        raise errors.missing_fields(missing)


def trigger(
    conn: sa.Connection,
    target: Target,
    *,
    payload: Mapping[str, str],
    metadata: Mapping[str, Json],
    idempotency: Idempotency | None,
) -> Accepted:
    """Start the workflow, in one unit of work; with an idempotency key at most once in 24 hours.

    Raises:
        PublicError: the credit limit is reached, or the key came with another body.
    """
    if idempotency is not None:
        earlier = _earlier(conn, target, idempotency)
        if earlier is not None:
            return Accepted(execution_id=earlier, replayed=True)
    if credit_exhausted(conn, target.org_id):
        raise errors.usage_limit_reached()
    created = start_execution(
        conn,
        Start(
            org_id=target.org_id,
            project_id=target.project_id,
            workflow_id=target.workflow_id,
            version_id=target.version_id,
            definition=target.definition,
            trigger=TriggerType.API,
            payload=payload,
            metadata=metadata,
            cancel_previous=target.concurrency is Concurrency.CANCEL_PREVIOUS,
        ),
    )
    if idempotency is not None and not _remember(conn, target, idempotency, created.execution_id):
        raise IdempotencyRace
    return Accepted(execution_id=created.execution_id, cancelled=created.cancelled)


class IdempotencyRace(Exception):
    """Two triggers with the same key met; this one is undone, and tried again it finds the other's execution."""


def _earlier(conn: sa.Connection, target: Target, idempotency: Idempotency) -> str | None:
    where = (
        idempotency_keys.c.org_id == target.org_id,
        idempotency_keys.c.workflow_id == target.workflow_id,
        idempotency_keys.c.key == idempotency.key,
    )
    row = conn.execute(sa.select(idempotency_keys).where(*where)).first()
    if row is None:
        return None
    if row.created_at < now_ms() - IDEMPOTENCY_WINDOW_MS:
        conn.execute(idempotency_keys.delete().where(*where))
        return None
    if row.body_hash != idempotency.body_hash:
        raise errors.idempotency_key_reused()
    return str(row.execution_id)


def _remember(conn: sa.Connection, target: Target, idempotency: Idempotency, execution_id: str) -> bool:
    row = {
        "org_id": target.org_id,
        "workflow_id": target.workflow_id,
        "key": idempotency.key,
        "body_hash": idempotency.body_hash,
        "execution_id": execution_id,
        "created_at": now_ms(),
    }
    return insert_ignore(conn, idempotency_keys, row)

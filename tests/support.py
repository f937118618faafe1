"""What many tests need: an organization with a key, workflows in it, and executions followed to their end."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from runwright.accounts.models import Role, api_keys, memberships, organizations, projects, users
from runwright.db.database import Database
from runwright.executions import repository, service
from runwright.executions.models import executions
from runwright.executions.status import SETTLED, Status
from runwright.executions.view import to_public
from runwright.kit.clock import now_ms
from runwright.kit.crypto import hash_secret, new_secret
from runwright.kit.ids import new_key_id, new_uuid
from runwright.triggers.base import Start, TriggerType, start_execution
from runwright.workflows.cache import load_definition
from runwright.workflows.models import workflow_versions, workflows


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organization with one member, one project and one key."""

    org_id: str
    project_id: str
    user_id: str
    key_id: str
    secret: str


def add_tenant(conn: sa.Connection, *, name: str = "Acme", role: Role | None = Role.OWNER) -> Tenant:
    """Make an organization; ``role=None`` leaves its user out of it."""
    secret = new_secret("rw_")
    tenant = Tenant(new_uuid(), new_uuid(), new_uuid(), new_key_id(), secret)
    now = now_ms()
    conn.execute(organizations.insert(), {"id": tenant.org_id, "name": name, "created_at": now})
    user = {"id": tenant.user_id, "email": f"{tenant.user_id}@example.com", "name": f"User of {name}"}
    conn.execute(users.insert(), {**user, "created_at": now})
    conn.execute(
        projects.insert(), {"id": tenant.project_id, "org_id": tenant.org_id, "name": "Main", "created_at": now}
    )
    if role is not None:
        member = {"org_id": tenant.org_id, "user_id": tenant.user_id, "role": role.value, "created_at": now}
        conn.execute(memberships.insert(), member)
    add_key(conn, key_id=tenant.key_id, org_id=tenant.org_id, user_id=tenant.user_id, secret=secret)
    return tenant


def add_key(conn: sa.Connection, *, key_id: str, org_id: str | None, user_id: str, secret: str) -> None:
    """Make an API key with a secret of the test's choice."""
    row = {"id": key_id, "org_id": org_id, "user_id": user_id, "name": "test", "prefix": secret[:8]}
    conn.execute(api_keys.insert(), {**row, "secret_hash": hash_secret(secret), "created_at": now_ms()})


def add_workflow(
    conn: sa.Connection,
    tenant: Tenant,
    source: str,
    *,
    api_enabled: bool = True,
    concurrency: str = "parallel",
) -> str:
    """Publish a workflow from YAML; its id."""
    workflow_id, version_id, now = new_uuid(), new_uuid(), now_ms()
    version = {"id": version_id, "workflow_id": workflow_id, "org_id": tenant.org_id, "number": 1, "source": source}
    conn.execute(
        workflows.insert(),
        {
            "id": workflow_id,
            "org_id": tenant.org_id,
            "project_id": tenant.project_id,
            "name": "Test",
            "api_enabled": api_enabled,
            "api_concurrency": concurrency,
            "published_version_id": version_id,
            "latest_version_id": version_id,
            "created_at": now,
            "updated_at": now,
        },
    )
    conn.execute(workflow_versions.insert(), {**version, "created_at": now, "published_at": now})
    load_definition(conn, version_id)
    return workflow_id


def start(
    conn: sa.Connection, tenant: Tenant, workflow_id: str, payload: dict[str, str] | None = None, **options: Any
) -> str:
    """Start an execution as an API trigger would; its id."""
    version_id = conn.execute(
        sa.select(workflows.c.published_version_id).where(workflows.c.id == workflow_id)
    ).scalar_one()
    created = start_execution(
        conn,
        Start(
            org_id=tenant.org_id,
            project_id=tenant.project_id,
            workflow_id=workflow_id,
            version_id=version_id,
            definition=load_definition(conn, version_id),
            trigger=TriggerType.API,
            payload=payload or {},
            **options,
        ),
    )
    return created.execution_id


def show(conn: sa.Connection, execution_id: str) -> dict[str, Any]:
    """The execution as the public API shows it."""
    row = repository.find(conn, execution_id)
    assert row is not None
    return to_public(service.view(conn, row))


async def until(database: Database, execution_id: str, *statuses: Status, within: float = 20.0) -> dict[str, Any]:
    """Follow an execution until it is settled, or in one of the statuses; fails after ``within`` seconds."""
    wanted = set(statuses) or SETTLED
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        shown = await database.read(lambda conn: show(conn, execution_id))
        if shown["status"] in wanted:
            return shown
        await asyncio.sleep(0.02)
    raise AssertionError(f"still {shown['status']} after {within} s: {shown}")


async def until_parked(database: Database, execution_id: str, *, within: float = 20.0) -> None:
    """Follow an execution until no worker drives it and it waits for its time: nothing changes by itself then."""

    def parked(conn: sa.Connection) -> bool:
        row = conn.execute(sa.select(executions).where(executions.c.id == execution_id)).one()
        return row.status == Status.RUNNING.value and row.stretch is None

    deadline = time.monotonic() + within
    while not await database.read(parked):
        assert time.monotonic() < deadline, f"not parked after {within} s"
        await asyncio.sleep(0.02)

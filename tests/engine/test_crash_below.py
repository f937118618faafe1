"""kill -9 while items of a map run, and while a called workflow does: both go on where they were."""

from __future__ import annotations

import json
from functools import partial

import sqlalchemy as sa

from runwright.db.database import Database
from runwright.executions import items
from runwright.executions.models import executions
from runwright.executions.status import Status
from tests import support
from tests.engine.process import ServerProcess
from tests.engine.target import Target
from tests.engine.test_crash import eventually, process, target

__all__ = ["process", "target"]

ITEMS = 40


def mapped(target: Target) -> str:
    return f"""
        version: 1
        name: Mapped
        inputs: {{list: {{required: true}}}}
        blocks:
          each:
            type: map
            over: "{{{{ list }}}}"
            concurrency: 4
            block: {{type: http, url: "{target.url}/item/{{{{ item }}}}?ms=50"}}
    """


def test_finished_items_do_not_run_again(database: Database, process: ServerProcess, target: Target) -> None:
    tenant = database.write_sync(support.add_tenant)
    workflow = database.write_sync(lambda conn: support.add_workflow(conn, tenant, mapped(target)))
    process.start()
    values = "\n".join(str(item) for item in range(ITEMS))
    execution = process.trigger(workflow, tenant.secret, {"list": values})
    calls: dict[int, int] = {}
    for enough in (8, 24):
        eventually(lambda: sum(target.counts.values()) >= enough)  # noqa: B023
        process.kill()
        read = partial(items.list_page, execution_id=execution, block_key="each", limit=ITEMS)
        finished = [state.item for state in database.read_sync(read) if state.status is Status.COMPLETED]
        calls.update({item: target.counts[f"/item/{item}"] for item in finished if item not in calls})
        process.start()
    shown = process.finished(execution, tenant.secret)
    outputs = json.loads(shown["state"]["blocks"]["each"]["output"])
    assert [output["path"] for output in outputs] == [f"/item/{item}" for item in range(ITEMS)]
    assert calls
    assert {item: target.counts[f"/item/{item}"] for item in calls} == calls


def test_a_called_workflow_is_started_once(database: Database, process: ServerProcess, target: Target) -> None:
    tenant = database.write_sync(support.add_tenant)
    child_source = f'version: 1\nname: Child\nblocks:\n  ask: {{type: http, url: "{target.url}/below?ms=1000"}}\n'
    child = database.write_sync(lambda conn: support.add_workflow(conn, tenant, child_source))
    parent_source = f"version: 1\nname: Parent\nblocks:\n  call: {{type: workflow, id: {child}}}\n"
    parent = database.write_sync(lambda conn: support.add_workflow(conn, tenant, parent_source))
    process.start()
    execution = process.trigger(parent, tenant.secret, {})
    eventually(lambda: target.counts["/below"] == 1)
    process.kill()
    process.start()
    shown = process.finished(execution, tenant.secret)
    assert shown["status"] == "completed"
    assert json.loads(shown["state"]["blocks"]["call"]["output"])["path"] == "/below"
    assert target.counts["/below"] == 2
    count = sa.select(sa.func.count()).select_from(executions).where(executions.c.parent_id == execution)
    assert database.read_sync(lambda conn: conn.execute(count).scalar()) == 1

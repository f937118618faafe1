"""A server that is killed while it saves files: no completed block without its file, none with two."""

from __future__ import annotations

import time

import sqlalchemy as sa

from runwright.artifacts.models import artifacts, blobs
from runwright.artifacts.repository import Blob
from runwright.config import Settings
from runwright.db.database import open_database
from runwright.executions.models import block_runs
from runwright.integrations.storage.opening import FOLDER
from tests import support
from tests.engine.process import ServerProcess

WORKFLOW = "version: 1\nname: Files\nblocks:\n" + "".join(
    f"  b{number}: {{type: template, text: 'output {number}', artifact: true"
    + (f", needs: [b{number - 1}]" if number else "")
    + "}\n"
    for number in range(40)
)


def test_no_completed_block_is_without_its_file(settings: Settings) -> None:
    database = open_database(settings)
    tenant = database.write_sync(support.add_tenant)
    workflow_id = database.write_sync(lambda conn: support.add_workflow(conn, tenant, WORKFLOW))
    server = ServerProcess(settings).start()
    ids = [server.trigger(workflow_id, tenant.secret, {}) for _ in range(5)]
    for _ in range(3):
        time.sleep(0.15)
        server.kill()
        assert_every_completed_block_has_its_file(settings)
        server.start()
    for execution_id in ids:
        assert server.finished(execution_id, tenant.secret)["status"] == "completed"
    server.terminate()
    assert assert_every_completed_block_has_its_file(settings) == 200
    database.close_sync()


def assert_every_completed_block_has_its_file(settings: Settings) -> int:
    """Compare the rows with what is on the disk; how many files there are."""
    database = open_database(settings)

    def read(conn: sa.Connection) -> tuple[list[tuple[str, str]], dict[tuple[str, str], Blob], int]:
        done = sa.select(block_runs.c.execution_id, block_runs.c.key).where(block_runs.c.status == "completed")
        columns = [blobs.c[name] for name in Blob.__slots__]
        joined = sa.select(artifacts.c.execution_id, artifacts.c.block_key, *columns).join_from(artifacts, blobs)
        rows = conn.execute(joined).all()
        kept = {(row[0], row[1]): Blob(*row[2:]) for row in rows}
        return [tuple(row) for row in conn.execute(done)], kept, len(rows)  # type: ignore[misc]

    completed, kept, count = database.read_sync(read)
    database.close_sync()
    assert set(completed) == set(kept)
    assert count == len(kept)
    for (_, key), blob in kept.items():
        path = settings.data_dir / FOLDER / blob.key
        assert path.read_text() == f"output {key[1:]}"
    return count

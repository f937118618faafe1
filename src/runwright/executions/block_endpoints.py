"""``/api/v1`` about single blocks: what they made last, and running one by itself."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Path, Request
from pydantic import Field

from runwright.accounts.dependencies import CurrentCaller, PathId, database_of
from runwright.executions.endpoints import metadata_of, started
from runwright.executions.last_data import LastData, last_data
from runwright.executions.schemas import StartedOut
from runwright.kit.schemas import ApiInput, ApiModel, Moment
from runwright.triggers import manual
from runwright.triggers.one_block import OneBlock
from runwright.workflows import service

router = APIRouter(prefix="/api/v1", tags=["Executions"])

BlockKey = Annotated[str, Path(max_length=200)]


class LastOutputOut(ApiModel):
    """What a block made when it last ran to its end."""

    key: str
    output: str
    execution_id: str
    finished_at: Moment | None


class LastDataOut(ApiModel):
    """Data to try a block with: the newest output of each block, and the variables of the newest execution."""

    inputs: dict[str, str]
    outputs: list[LastOutputOut]

    @classmethod
    def of(cls, data: LastData) -> LastDataOut:
        """Last data as they are answered."""
        outputs = [
            LastOutputOut(key=one.key, output=one.output, execution_id=one.execution_id, finished_at=one.finished_at)
            for one in data.outputs
        ]
        return cls(inputs=dict(data.inputs), outputs=outputs)


class RunBlockIn(ApiInput):
    """Run one block by itself. ``outputs`` are what the blocks before it are taken to have made, by key."""

    inputs: dict[str, str] = Field(default_factory=dict)
    outputs: dict[str, str] = Field(default_factory=dict)
    version: int | None = Field(default=None, ge=1, le=2**31 - 1, description="Default: the published version.")


@router.get("/workflows/{workflow_id}/last-data")
async def get_last_data(workflow_id: PathId, caller: CurrentCaller, request: Request) -> LastDataOut:
    """What each block made when it last ran, over the workflow's recent executions."""

    def read(conn: sa.Connection) -> LastData:
        service.get(conn, caller.org_id, workflow_id)
        return last_data(conn, caller.org_id, workflow_id)

    return LastDataOut.of(await database_of(request).read(read))


@router.post("/workflows/{workflow_id}/blocks/{block_key}/run", status_code=201)
async def run_block(
    workflow_id: PathId, block_key: BlockKey, body: RunBlockIn, caller: CurrentCaller, request: Request
) -> StartedOut:
    """Run one block by itself, as a preview: an execution in which no other block runs."""
    created = await database_of(request).write(
        partial(
            manual.start,
            org_id=caller.org_id,
            workflow_id=workflow_id,
            payload=body.inputs,
            metadata=metadata_of(request, caller),
            version=body.version,
            preview=True,
            only=OneBlock(key=block_key, outputs=body.outputs),
        )
    )
    return started(request, created.execution_id)

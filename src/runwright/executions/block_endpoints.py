"""``/api/v1`` about single blocks: what they made last, and running one by itself."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Path, Request
from pydantic import Field

from runwright.accounts.dependencies import CurrentCaller, PathId, database_of
from runwright.errors import NotFound
from runwright.executions import callbacks, details
from runwright.executions.endpoints import metadata_of, started
from runwright.executions.last_data import LastData, last_data
from runwright.executions.schemas import StartedOut
from runwright.kit.crypto import SecretBox
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


class CallbackOut(ApiModel):
    """Where the callback of a ``wait`` block is sent to. Whoever knows the address may send it."""

    address: str


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


@router.get("/executions/{execution_id}/blocks/{block_key}/callback")
async def get_callback_address(
    execution_id: PathId, block_key: BlockKey, caller: CurrentCaller, request: Request
) -> CallbackOut:
    """The address that a ``wait`` block with ``callback: true`` waits for a POST at, to try it by hand."""

    def read(conn: sa.Connection) -> bool:
        view = details.get_details(conn, caller.org_id, execution_id).view
        block = view.definition.blocks.get(block_key)
        return block is not None and block.config.takes_callbacks()

    if not await database_of(request).read(read):
        raise NotFound(f'Execution "{execution_id}" has no block "{block_key}" that is called back.')
    state = request.app.state
    box: SecretBox = state.door.secret_box
    base: str = state.settings.address
    return CallbackOut(address=callbacks.address(base, box, execution_id=execution_id, key=block_key))


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

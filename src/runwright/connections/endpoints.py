"""``/api/v1/connections``: the named credentials of a project; and curl commands turned into blocks."""

from __future__ import annotations

import sqlalchemy as sa
import yaml
from fastapi import APIRouter, Request

from runwright.accounts.dependencies import CurrentCaller, CurrentProject, PathId, database_of, door_of
from runwright.connections import service
from runwright.connections.schemas import ConnectionIn, ConnectionOut, CurlIn, CurlOut
from runwright.errors import Invalid
from runwright.integrations.http.from_curl import CurlError, from_curl

router = APIRouter(prefix="/api/v1", tags=["Connections"])


@router.get("/connections")
async def list_connections(project: CurrentProject, request: Request) -> list[ConnectionOut]:
    """The project's connections, by name; never their secrets."""
    found = await database_of(request).read(lambda conn: service.list_connections(conn, project.org_id, project.id))
    return [ConnectionOut.of(connection) for connection in found]


@router.post("/connections", status_code=201)
async def create_connection(body: ConnectionIn, project: CurrentProject, request: Request) -> ConnectionOut:
    """Make a connection. Blocks of the project use it by its name."""
    box, wanted = door_of(request).secret_box, body.wanted()

    def unit(conn: sa.Connection) -> service.Connection:
        return service.create_connection(conn, box, org_id=project.org_id, project_id=project.id, wanted=wanted)

    return ConnectionOut.of(await database_of(request).write(unit))


@router.get("/connections/{connection_id}")
async def get_connection(connection_id: PathId, project: CurrentProject, request: Request) -> ConnectionOut:
    """One connection."""
    found = await database_of(request).read(
        lambda conn: service.get_connection(conn, project.org_id, project.id, connection_id)
    )
    return ConnectionOut.of(found)


@router.put("/connections/{connection_id}")
async def replace_connection(
    connection_id: PathId, body: ConnectionIn, project: CurrentProject, request: Request
) -> ConnectionOut:
    """Change a connection whole. Without `secret` the old one stays, unless it would go to another place."""
    box, wanted = door_of(request).secret_box, body.wanted()

    def unit(conn: sa.Connection) -> service.Connection:
        return service.replace_connection(
            conn, box, org_id=project.org_id, project_id=project.id, connection_id=connection_id, wanted=wanted
        )

    return ConnectionOut.of(await database_of(request).write(unit))


@router.delete("/connections/{connection_id}", status_code=204)
async def delete_connection(connection_id: PathId, project: CurrentProject, request: Request) -> None:
    """Take a connection away, with its secret. Blocks that name it fail from then on."""
    await database_of(request).write(
        lambda conn: service.delete_connection(conn, project.org_id, project.id, connection_id)
    )


@router.post("/http/from-curl")
async def import_curl(body: CurlIn, caller: CurrentCaller) -> CurlOut:
    """Turn a curl command into an http block. Nothing is sent or stored."""
    try:
        imported = from_curl(body.command)
    except CurlError as error:
        raise Invalid(f"command: {error}", details={"field": "command"}) from error
    return CurlOut.of(imported, yaml.safe_dump(imported.block, sort_keys=False, allow_unicode=True))

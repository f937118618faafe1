"""``/api/v1/artifacts``: the files of an organization. None of them is ever answered as a page of this server."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response, StreamingResponse

from runwright.accounts.dependencies import CurrentCaller, CurrentProject, PathId, RequestedSpan, database_of
from runwright.artifacts import archive, keeper, names, repository, service, serving
from runwright.artifacts.keeper import Keeper
from runwright.artifacts.preview import preview_of
from runwright.artifacts.repository import Artifact, Wanted
from runwright.artifacts.schemas import ArtifactOut, PreviewOut, StorageOut
from runwright.config import Settings
from runwright.errors import Unavailable
from runwright.executions.details import get_row
from runwright.integrations.storage.base import BlobMissing, BlobStore, StoreError
from runwright.integrations.storage.opening import incoming_folder
from runwright.kit.clock import now_ms
from runwright.kit.schemas import Listed

router = APIRouter(prefix="/api/v1", tags=["Artifacts"])

_MOST_IN_ZIP = 10_000
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def store_of(request: Request) -> BlobStore:
    """The server's blob store."""
    store: BlobStore = request.app.state.services.blobs
    return store


@router.get("/artifacts")
async def list_artifacts(
    caller: CurrentCaller,
    span: RequestedSpan,
    request: Request,
    project: Annotated[str | None, Query(description="Of this project only.")] = None,
    execution: Annotated[str | None, Query(description="Saved by this execution only.")] = None,
    block: Annotated[str | None, Query(description="Saved by the block of this key only.")] = None,
    uploaded: Annotated[bool | None, Query(description="Only uploaded files, or only what blocks saved.")] = None,
    name: Annotated[str | None, Query(max_length=200, description="Whose name has this in it.")] = None,
    content_type: Annotated[
        str | None, Query(alias="type", max_length=200, description="Of this media type, or its beginning: text/")
    ] = None,
) -> Listed[ArtifactOut]:
    """Files of the organization, newest first: what blocks saved of their outputs, and what was uploaded."""
    wanted = Wanted(
        project_id=project,
        execution_id=execution,
        block_key=block,
        uploaded=uploaded,
        name=name,
        content_type=content_type,
    )
    page = await database_of(request).read(
        partial(service.list_artifacts, org_id=caller.org_id, wanted=wanted, limit=span.limit, cursor=span.after)
    )
    return Listed[ArtifactOut].of(page, ArtifactOut.of)


@router.post(
    "/artifacts",
    status_code=201,
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}}},
)
async def upload_artifact(
    caller: CurrentCaller,
    project: CurrentProject,
    request: Request,
    name: Annotated[str, Query(description="The file's name, without folders. Its ending says the type.")],
    length: Annotated[int | None, Header(alias="content-length", include_in_schema=False)] = None,
) -> ArtifactOut:
    """Upload a file into a project: the body of the request is the file, as it is.

    For example: `curl --data-binary @report.pdf -H "x-api-key: …" ".../api/v1/artifacts?name=report.pdf"`. A name that
    is taken makes another file. Answers 413 above `RUNWRIGHT_STORAGE__MAX_UPLOAD_BYTES`.
    """
    settings: Settings = request.app.state.settings
    name, limit = names.require_good(name), settings.storage.max_upload_bytes
    if length is not None and length > limit:
        raise keeper.too_large(limit)
    database, store = database_of(request), store_of(request)
    async with keeper.spooled(request.stream(), folder=incoming_folder(settings), limit=limit) as spooled:
        try:
            blob = await Keeper(database, store).keep_file(project.org_id, spooled)
        except StoreError as error:
            raise Unavailable(f"The file could not be kept: {error}") from error
    add = partial(service.upload, org_id=project.org_id, project_id=project.id, user_id=caller.user_id, name=name)
    return ArtifactOut.of(await database.write(partial(add, blob=blob, now=now_ms())))


@router.get("/artifacts/{artifact_id}")
async def get_artifact(artifact_id: PathId, caller: CurrentCaller, request: Request) -> ArtifactOut:
    """One file, without its content."""
    return ArtifactOut.of(await _find(request, caller.org_id, artifact_id))


@router.get(
    "/artifacts/{artifact_id}/content",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": _BINARY}}},
)
async def download_artifact(artifact_id: PathId, caller: CurrentCaller, request: Request) -> Response:
    """The file itself, always as a download. Takes `Range` with one part, and `If-None-Match`."""
    artifact = await _find(request, caller.org_id, artifact_id)
    await _require_kept(request, artifact)
    return serving.download(request, artifact, store_of(request))


@router.get("/artifacts/{artifact_id}/preview")
async def preview_artifact(artifact_id: PathId, caller: CurrentCaller, request: Request) -> PreviewOut:
    """The first 256 KiB of a file as text."""
    artifact = await _find(request, caller.org_id, artifact_id)
    try:
        return PreviewOut.of(await preview_of(artifact, store_of(request)))
    except StoreError as error:
        raise _unreadable(error) from error


@router.delete("/artifacts/{artifact_id}", status_code=204)
async def delete_artifact(artifact_id: PathId, caller: CurrentCaller, request: Request) -> None:
    """Delete a file. What blocks read of it before stays in their outputs."""
    await database_of(request).write(partial(service.delete_artifact, org_id=caller.org_id, artifact_id=artifact_id))


@router.get(
    "/executions/{execution_id}/artifacts.zip",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": _BINARY}}},
)
async def download_artifacts(execution_id: PathId, caller: CurrentCaller, request: Request) -> StreamingResponse:
    """All files that an execution's blocks saved, as one zip file."""

    def read(conn: sa.Connection) -> list[Artifact]:
        row = get_row(conn, caller.org_id, execution_id)
        found = repository.list_page(conn, row.org_id, Wanted(execution_id=row.id), limit=_MOST_IN_ZIP)
        return list(reversed(found))

    found, store = await database_of(request).read(read), store_of(request)
    for artifact in found:
        await _require_kept(request, artifact)
    headers = {**serving.SAFETY, **serving.attachment(f"run-{execution_id}.zip")}
    return StreamingResponse(archive.zipped(found, store), media_type="application/zip", headers=headers)


@router.get("/storage")
async def get_storage(caller: CurrentCaller, request: Request) -> StorageOut:
    """What the organization's files take."""
    return StorageOut.of(await database_of(request).read(partial(repository.usage, org_id=caller.org_id)))


async def _find(request: Request, org_id: str, artifact_id: str) -> Artifact:
    return await database_of(request).read(partial(service.get_artifact, org_id=org_id, artifact_id=artifact_id))


async def _require_kept(request: Request, artifact: Artifact) -> None:
    """Asked before an answer begins, since afterwards it can only break off."""
    try:
        if await store_of(request).size(artifact.blob.key) != artifact.size:
            raise BlobMissing(f"the content of {artifact.name} is not in the storage")
    except StoreError as error:
        raise _unreadable(error) from error


def _unreadable(error: StoreError) -> Unavailable:
    return Unavailable(f"The file cannot be read: {error}")

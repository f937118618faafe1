"""What can be done with files: upload, list, look at, delete; and what becomes of the outputs of blocks."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from runwright.artifacts import names, repository
from runwright.artifacts.repository import Artifact, Blob, Proposal, Wanted
from runwright.errors import NotFound
from runwright.kit import pages
from runwright.kit.clock import Millis
from runwright.kit.ids import new_uuid
from runwright.kit.pages import Page


@dataclass(frozen=True, slots=True)
class RunPlace:
    """The block of the run that a file comes from."""

    org_id: str
    project_id: str
    execution_id: str
    block_key: str
    round: int


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A block's output as a file, its content in the store already."""

    name: str
    blob: Blob

    @property
    def content_type(self) -> str:
        """The media type, by the name."""
        return names.content_type_of(self.name)


def name_of_output(block_key: str, text: str, *, wanted: str | None) -> str:
    """The name of a block's file: the one its workflow wants, made safe; else its key, with an ending that fits."""
    own = f"{block_key}{names.ending_for(text)}"
    return own if wanted is None else names.made_safe(wanted, otherwise=own)


def upload(
    conn: sa.Connection, *, org_id: str, project_id: str, user_id: str, name: str, blob: Blob, now: Millis
) -> Artifact:
    """Add a file to a project; its content is in the store, its name was found good.

    Raises:
        BlobGone: its content was taken away meanwhile.
    """
    artifact = Artifact(
        id=new_uuid(),
        org_id=org_id,
        project_id=project_id,
        execution_id=None,
        block_key=None,
        round=None,
        created_by=user_id,
        name=name,
        content_type=names.content_type_of(name),
        created_at=now,
        blob_id=blob.id,
        sha256=blob.sha256,
        size=blob.size,
    )
    repository.add(conn, artifact)
    return artifact


def list_artifacts(
    conn: sa.Connection, org_id: str, wanted: Wanted, *, limit: int, cursor: str | None
) -> Page[Artifact]:
    """Files of the organization, newest first."""
    rows = repository.list_page(conn, org_id, wanted, limit=limit + 1, cursor=cursor)
    return pages.cut(rows, limit=limit, cursor_of=lambda artifact: artifact.id)


def get_artifact(conn: sa.Connection, org_id: str, artifact_id: str) -> Artifact:
    """One file.

    Raises:
        NotFound: the organization has no such file.
    """
    artifact = repository.get(conn, org_id, artifact_id)
    if artifact is None:
        raise NotFound("File not found")
    return artifact


def delete_artifact(conn: sa.Connection, org_id: str, artifact_id: str) -> None:
    """Delete a file; its content goes some time after, if no other file has the same.

    Raises:
        NotFound: the organization has no such file.
    """
    if not repository.delete(conn, org_id, artifact_id):
        raise NotFound("File not found")


# Outputs of blocks, in the unit that settles them


def save_output(conn: sa.Connection, place: RunPlace, file: OutputFile, *, now: Millis) -> None:
    """Add the file of a block that completes in this unit.

    Raises:
        BlobGone: its content was taken away meanwhile.
    """
    _add(conn, place, name=file.name, content_type=file.content_type, blob_id=file.blob.id, now=now)


def propose_output(conn: sa.Connection, place: RunPlace, file: OutputFile, *, now: Millis) -> None:
    """Keep the file of a block whose output waits for a review from this unit on.

    Raises:
        BlobGone: its content was taken away meanwhile.
    """
    proposal = Proposal(
        execution_id=place.execution_id,
        block_key=place.block_key,
        name=file.name,
        content_type=file.content_type,
        blob_id=file.blob.id,
    )
    repository.propose(conn, proposal, now=now)


def accept_output(conn: sa.Connection, place: RunPlace, *, edited: Blob | None, now: Millis) -> None:
    """Add the file of a block that is approved in this unit, if it has one; ``edited`` is what a person made of it.

    Raises:
        BlobGone: what was edited was taken away meanwhile.
    """
    proposal = repository.take_proposal(conn, place.execution_id, place.block_key)
    if proposal is not None:
        blob_id = proposal.blob_id if edited is None else edited.id
        _add(conn, place, name=proposal.name, content_type=proposal.content_type, blob_id=blob_id, now=now)


def _add(conn: sa.Connection, place: RunPlace, *, name: str, content_type: str, blob_id: str, now: Millis) -> None:
    repository.add(
        conn,
        Artifact(
            id=new_uuid(),
            org_id=place.org_id,
            project_id=place.project_id,
            execution_id=place.execution_id,
            block_key=place.block_key,
            round=place.round,
            created_by=None,
            name=name,
            content_type=content_type,
            created_at=now,
            blob_id=blob_id,
            sha256="",
            size=0,
        ),
    )

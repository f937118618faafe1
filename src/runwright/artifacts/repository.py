"""Statements over files and the contents they refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from runwright.artifacts.models import artifacts, blobs, proposed_artifacts
from runwright.db.database import insert_ignore
from runwright.kit.clock import Millis
from runwright.kit.ids import new_uuid


class BlobGone(Exception):
    """The content was taken away meanwhile, since nobody referred to it for long: it must be saved anew."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A content that is kept for an organization; ``size`` in bytes."""

    id: str
    owner: str
    sha256: str
    size: int

    @property
    def key(self) -> str:
        """Where the store has it. The id is in it, so that one being deleted is never mistaken for one saved anew."""
        return f"{self.owner}/{self.sha256[:2]}/{self.sha256}-{self.id}"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file as it is listed; ``size`` in bytes."""

    id: str
    org_id: str
    project_id: str
    execution_id: str | None
    block_key: str | None
    round: int | None
    created_by: str | None
    name: str
    content_type: str
    created_at: Millis
    blob_id: str
    sha256: str
    size: int

    @property
    def blob(self) -> Blob:
        """Its content."""
        return Blob(id=self.blob_id, owner=self.org_id, sha256=self.sha256, size=self.size)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The file that an output under review becomes if it is approved."""

    execution_id: str
    block_key: str
    name: str
    content_type: str
    blob_id: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What an organization's files take; contents that several files share count once, in ``bytes``."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files are listed; None: whatever. ``name`` is a part of it, ``content_type`` the type or its beginning."""

    project_id: str | None = None
    execution_id: str | None = None
    block_key: str | None = None
    uploaded: bool | None = None
    name: str | None = None
    content_type: str | None = None


_COLUMNS = [artifacts.c[name] for name in Artifact.__slots__ if name in artifacts.c]
_SELECT = sa.select(*_COLUMNS, blobs.c.sha256, blobs.c.size).join_from(artifacts, blobs)
_BLOB = [blobs.c[name] for name in Blob.__slots__]


# Contents


def claim_blob(conn: sa.Connection, *, owner: str, sha256: str, size: int, now: Millis) -> Blob:
    """The content's row, made if it is not there; from now on it is kept for a while even if nobody refers to it."""
    row = {"id": new_uuid(), "owner": owner, "sha256": sha256, "size": size, "touched_at": now}
    insert_ignore(conn, blobs, row)
    statement = (
        blobs.update()
        .where(blobs.c.owner == owner, blobs.c.sha256 == sha256, blobs.c.doomed_at.is_(None))
        .values(touched_at=now)
        .returning(*_BLOB)
    )
    return Blob(**conn.execute(statement).one()._mapping)


def hold_blob(conn: sa.Connection, blob_id: str, *, now: Millis) -> None:
    """Keep a content from being taken away while the caller's unit refers to it.

    Raises:
        BlobGone: it was, or will be.
    """
    statement = blobs.update().where(blobs.c.id == blob_id, blobs.c.doomed_at.is_(None)).values(touched_at=now)
    if conn.execute(statement).rowcount != 1:
        raise BlobGone(blob_id)


def doom_unused(conn: sa.Connection, *, before: Millis, now: Millis, limit: int) -> None:
    """Mark contents for deletion that nobody refers to and nobody has touched since a moment."""
    used = sa.or_(
        sa.exists().where(artifacts.c.blob_id == blobs.c.id),
        sa.exists().where(proposed_artifacts.c.blob_id == blobs.c.id),
    )
    unused = sa.select(blobs.c.id).where(blobs.c.touched_at < before, blobs.c.doomed_at.is_(None), ~used).limit(limit)
    # Asked again by the UPDATE, which on PostgreSQL waits for those that are holding a content just now.
    conn.execute(
        blobs.update()
        .where(blobs.c.id.in_(unused), blobs.c.touched_at < before, blobs.c.doomed_at.is_(None))
        .values(doomed_at=now)
    )


def doomed(conn: sa.Connection, *, limit: int) -> list[Blob]:
    """Contents that are to be deleted from the store, and then here."""
    statement = sa.select(*_BLOB).where(blobs.c.doomed_at.is_not(None)).limit(limit)
    return [Blob(**row._mapping) for row in conn.execute(statement)]


def forget_blobs(conn: sa.Connection, ids: Sequence[str]) -> None:
    """Remove the rows of contents that the store has no more."""
    conn.execute(blobs.delete().where(blobs.c.id.in_(ids), blobs.c.doomed_at.is_not(None)))


def usage(conn: sa.Connection, org_id: str) -> Usage:
    """What an organization's files take."""
    files = conn.execute(sa.select(sa.func.count()).where(artifacts.c.org_id == org_id)).scalar_one()
    used = sa.exists().where(artifacts.c.blob_id == blobs.c.id)
    total = conn.execute(
        sa.select(sa.func.coalesce(sa.func.sum(blobs.c.size), 0)).where(blobs.c.owner == org_id, used)
    ).scalar_one()
    return Usage(files=files, bytes=int(total))


# Files


def add(conn: sa.Connection, artifact: Artifact) -> None:
    """Add a file, whose content is held in the same unit.

    Raises:
        BlobGone: its content was taken away.
    """
    hold_blob(conn, artifact.blob_id, now=artifact.created_at)
    conn.execute(artifacts.insert(), {column.name: getattr(artifact, column.name) for column in artifacts.c})


def get(conn: sa.Connection, org_id: str, artifact_id: str) -> Artifact | None:
    """One file of an organization."""
    row = conn.execute(_SELECT.where(artifacts.c.org_id == org_id, artifacts.c.id == artifact_id)).first()
    return None if row is None else Artifact(**row._mapping)


def list_page(
    conn: sa.Connection, org_id: str, wanted: Wanted, *, limit: int, cursor: str | None = None
) -> list[Artifact]:
    """Up to ``limit`` files older than the cursor, newest first."""
    statement = _SELECT.where(artifacts.c.org_id == org_id, *_conditions(wanted))
    if cursor is not None:
        statement = statement.where(artifacts.c.id < cursor)
    rows = conn.execute(statement.order_by(artifacts.c.id.desc()).limit(limit))
    return [Artifact(**row._mapping) for row in rows]


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.project_id is not None:
        found.append(artifacts.c.project_id == wanted.project_id)
    if wanted.execution_id is not None:
        found.append(artifacts.c.execution_id == wanted.execution_id)
    if wanted.block_key is not None:
        found.append(artifacts.c.block_key == wanted.block_key)
    if wanted.uploaded is not None:
        is_upload = artifacts.c.execution_id.is_(None)
        found.append(is_upload if wanted.uploaded else ~is_upload)
    if wanted.name:
        found.append(sa.func.lower(artifacts.c.name).contains(wanted.name.lower(), autoescape=True))
    if wanted.content_type:
        found.append(artifacts.c.content_type.startswith(wanted.content_type.lower(), autoescape=True))
    return found


def readable(conn: sa.Connection, org_id: str, project_id: str, execution_id: str, *, limit: int) -> list[Artifact]:
    """What a run may read, newest first: the uploaded files of its project, and what its own blocks saved."""
    theirs = sa.or_(
        sa.and_(artifacts.c.project_id == project_id, artifacts.c.execution_id.is_(None)),
        artifacts.c.execution_id == execution_id,
    )
    rows = conn.execute(
        _SELECT.where(artifacts.c.org_id == org_id, theirs).order_by(artifacts.c.id.desc()).limit(limit)
    )
    return [Artifact(**row._mapping) for row in rows]


def delete(conn: sa.Connection, org_id: str, artifact_id: str) -> bool:
    """Delete a file; whether there was one."""
    statement = artifacts.delete().where(artifacts.c.org_id == org_id, artifacts.c.id == artifact_id)
    return conn.execute(statement).rowcount == 1


def delete_orphans(conn: sa.Connection, *, projects: sa.Table) -> None:
    """Delete uploaded files whose project is gone."""
    there = sa.exists().where(projects.c.id == artifacts.c.project_id)
    conn.execute(artifacts.delete().where(artifacts.c.execution_id.is_(None), ~there))


# Proposals


def propose(conn: sa.Connection, proposal: Proposal, *, now: Millis) -> None:
    """Keep what an output under review becomes, in place of what an earlier round proposed.

    Raises:
        BlobGone: its content was taken away.
    """
    hold_blob(conn, proposal.blob_id, now=now)
    take_proposal(conn, proposal.execution_id, proposal.block_key)
    conn.execute(proposed_artifacts.insert(), {name: getattr(proposal, name) for name in Proposal.__slots__})


def find_proposal(conn: sa.Connection, execution_id: str, block_key: str) -> Proposal | None:
    """What a block under review proposes; None: its output becomes no file."""
    row = conn.execute(sa.select(proposed_artifacts).where(*_of(execution_id, block_key))).first()
    return None if row is None else Proposal(**row._mapping)


def take_proposal(conn: sa.Connection, execution_id: str, block_key: str) -> Proposal | None:
    """The same, and it is one no more."""
    statement = proposed_artifacts.delete().where(*_of(execution_id, block_key)).returning(proposed_artifacts)
    row: sa.Row[Any] | None = conn.execute(statement).first()
    return None if row is None else Proposal(**row._mapping)


def _of(execution_id: str, block_key: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    table = proposed_artifacts
    return table.c.execution_id == execution_id, table.c.block_key == block_key


def forget_proposals(conn: sa.Connection, *, executions: sa.Table) -> None:
    """Remove what was proposed in executions that have ended since, or are gone."""
    live = sa.exists().where(executions.c.id == proposed_artifacts.c.execution_id, executions.c.finished_at.is_(None))
    conn.execute(proposed_artifacts.delete().where(~live))

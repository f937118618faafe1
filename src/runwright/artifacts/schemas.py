"""What ``/api/v1`` answers about files."""

from __future__ import annotations

from runwright.artifacts.preview import Preview, PreviewKind
from runwright.artifacts.repository import Artifact, Usage
from runwright.kit.schemas import ApiModel, Moment


class ArtifactOut(ApiModel):
    """A file: the output of a block (`executionId` and `blockKey` say which), or uploaded by somebody (`createdBy`).

    `size` is in bytes, `sha256` of the content.
    """

    id: str
    project_id: str
    execution_id: str | None
    block_key: str | None
    round: int | None
    created_by: str | None
    name: str
    content_type: str
    size: int
    sha256: str
    created_at: Moment

    @classmethod
    def of(cls, artifact: Artifact) -> ArtifactOut:
        """As it is answered."""
        return cls(**{name: getattr(artifact, name) for name in cls.model_fields})


class PreviewOut(ApiModel):
    """The beginning of a file as text; `truncated` when it goes on. A `binary` one has no text."""

    kind: PreviewKind
    text: str
    truncated: bool

    @classmethod
    def of(cls, preview: Preview) -> PreviewOut:
        """As it is answered."""
        return cls(kind=preview.kind, text=preview.text, truncated=preview.truncated)


class StorageOut(ApiModel):
    """What the organization's files take, in bytes; a content that several files share counts once."""

    files: int
    bytes: int

    @classmethod
    def of(cls, usage: Usage) -> StorageOut:
        """As it is answered."""
        return cls(files=usage.files, bytes=usage.bytes)

"""The blob store that the settings name."""

from __future__ import annotations

from pathlib import Path

from runwright.config import Settings
from runwright.integrations.storage.base import BlobStore
from runwright.integrations.storage.local import LocalStore

FOLDER = "files"
"""Where in the data folder the contents are."""


def open_store(settings: Settings) -> BlobStore:
    """The bucket of the settings, or the data folder; nothing is made or asked yet."""
    if settings.storage.bucket is not None:
        from runwright.integrations.storage.s3 import S3Store

        return S3Store(settings.storage)
    return LocalStore(settings.data_dir / FOLDER)


def incoming_folder(settings: Settings) -> Path:
    """Where uploads are until all of them is there, whatever the store is."""
    return settings.data_dir / "incoming"

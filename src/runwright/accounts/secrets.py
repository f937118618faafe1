"""The installation's own key, which encrypts the secrets that must be read again."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from runwright.errors import ProductError
from runwright.kit.crypto import SecretBox

if TYPE_CHECKING:
    from runwright.config import Settings

FILE_NAME = "secret.key"
SHORTEST = 32


class SecretKeyError(ProductError):
    """The installation's key cannot be used; the message says what to do."""


def open_secret_box(settings: Settings) -> SecretBox:
    """The box that seals and opens stored secrets.

    Its key is ``RUNWRIGHT_SECRET_KEY``, or the file ``secret.key`` in the data folder, made at the first use and
    readable by its owner alone. Servers that share a database must share the key: the file's text is a good value for
    the variable.

    Raises:
        SecretKeyError: the key is too short to be one, or its file cannot be read or made.
    """
    if settings.secret_key is not None:
        return SecretBox(_derived(settings.secret_key.get_secret_value(), source="RUNWRIGHT_SECRET_KEY"))
    path = settings.data_dir / FILE_NAME
    try:
        return SecretBox(_derived(_read_or_make(path), source=str(path)))
    except (OSError, UnicodeDecodeError) as error:
        raise SecretKeyError(f"The key file {path} cannot be used: {error}") from error


def _derived(text: str, *, source: str) -> bytes:
    """A key of the form that the cipher wants, from any text that is long enough to hold enough chance."""
    text = text.strip()
    if len(text) < SHORTEST:
        raise SecretKeyError(
            f"{source} must hold at least {SHORTEST} random characters; make some with: openssl rand -hex 32"
        )
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest())


def _read_or_make(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        _make(path)
        return path.read_text(encoding="utf-8")


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; of two processes at once the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, never replaces a key that is there already.
        os.link(draft, path)
        _sync_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name as durable as the values that will be sealed with the key."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

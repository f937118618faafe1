"""Secrets: made, hashed for look-up, and encrypted for keeping."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken


def new_secret(prefix: str) -> str:
    """A secret of 32 random bytes behind a prefix that tells what it is."""
    return prefix + secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """SHA-256 of a secret made by :func:`new_secret`, in hex.

    Plain SHA-256 is enough because the secret has 256 bits of chance; a password needs Argon2 instead.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two texts in a time that does not depend on where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


class SecretBox:
    """Encrypts what must be read again (provider keys, connections) with the installation's key."""

    def __init__(self, key: bytes) -> None:
        """Take the installation's key, as :meth:`new_key` made it."""
        self._fernet = Fernet(key)
        self._key = key

    @staticmethod
    def new_key() -> bytes:
        """A key for a new installation."""
        return Fernet.generate_key()

    def seal(self, text: str) -> str:
        """Encrypt."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt.

        Raises:
            ValueError: the text was not sealed with this installation's key.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise ValueError("this value was encrypted with another installation's key") from error

    def sign(self, text: str) -> str:
        """A signature of a text, in hex, that only this installation can make; 160 bits of it."""
        return hmac.new(self._key, b"sign:" + text.encode(), hashlib.sha256).hexdigest()[:40]

"""Contents in S3-compatible storage: AWS itself, MinIO, SeaweedFS, Ceph, R2 and others that speak the protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from runwright.config import StorageSettings
from runwright.integrations.storage.base import CHUNK, BlobMissing, StoreError, try_out
from runwright.kit.ids import new_uuid

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config
    from obstore.store import S3Store as Bucket

_PART = 8 * 1024 * 1024
"""Bytes of one part of a large content; ten thousand parts are the protocol's most."""


class S3Store:
    """A :class:`~runwright.integrations.storage.base.BlobStore` in one bucket, under one prefix.

    Without keys in the settings the usual places are looked at: the ``AWS_`` variables, and the machine's role. Its
    address comes from whoever runs the installation, so requests to it do not pass the guard of what users ask for.
    """

    def __init__(self, settings: StorageSettings) -> None:
        assert settings.bucket is not None
        self._settings = settings
        self.place = f"the bucket {settings.bucket}"

    @cached_property
    def _bucket(self) -> Bucket:
        # Loaded with the first use: the library is large, and many installations keep files on disk.
        from obstore.store import S3Store as Bucket

        given = self._settings
        config: S3Config = {"virtual_hosted_style_request": given.virtual_hosts}
        if given.endpoint:
            config["endpoint"] = given.endpoint.rstrip("/")
        if given.region:
            config["region"] = given.region
        if given.access_key_id and given.secret_access_key:
            config["access_key_id"] = given.access_key_id
            config["secret_access_key"] = given.secret_access_key.get_secret_value()
        client: ClientConfig = {
            "allow_http": bool(given.endpoint and given.endpoint.startswith("http://")),
            "timeout": timedelta(seconds=given.timeout),
        }
        retry: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=given.timeout)}
        prefix = given.prefix.strip("/") or None
        return Bucket(given.bucket, prefix=prefix, config=config, client_options=client, retry_config=retry)

    async def put(self, key: str, content: bytes | Path) -> None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.put`."""
        import obstore

        with self._explained("written"):
            await obstore.put_async(self._bucket, key, content, chunk_size=_PART, max_concurrency=2)

    async def size(self, key: str) -> int | None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.size`."""
        import obstore

        with self._explained("read"):
            try:
                return int((await obstore.head_async(self._bucket, key))["size"])
            except FileNotFoundError:
                return None

    async def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.read`."""
        import obstore

        if end is not None and end <= start:
            return
        with self._explained("read"):
            wanted = {"offset": start} if end is None else (start, end)
            options = {"range": wanted} if start or end is not None else {}
            answer = await obstore.get_async(self._bucket, key, options=options)  # type: ignore[arg-type]
            async for chunk in answer.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    async def delete(self, key: str) -> None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.delete`."""
        import obstore

        with self._explained("changed"):
            try:
                await obstore.delete_async(self._bucket, key)
            except FileNotFoundError:
                return

    async def check(self) -> None:
        """See :meth:`~runwright.integrations.storage.base.BlobStore.check`."""
        await try_out(self, f"check/{new_uuid()}")

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except FileNotFoundError as error:
            raise BlobMissing(f"{self.place} does not have the file, or there is no such bucket") from error
        except (BaseError, OSError, ValueError) as error:
            raise StoreError(f"{self.place} cannot be {what}: {self._sentence(error)}") from error

    def _sentence(self, error: Exception) -> str:
        """The library's first line, which has no headers; a secret in it would be hidden."""
        line = (str(error).strip() or type(error).__name__).splitlines()[0].partition(": <?xml")[0][:300]
        secret = self._settings.secret_access_key
        return line.replace(secret.get_secret_value(), "***") if secret is not None else line

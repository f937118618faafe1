"""A client of the public API, on the standard library alone so that the commands start at once."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

DEFAULT_URL = "http://127.0.0.1:8700"
URL_VARIABLE = "RUNWRIGHT_URL"
KEY_VARIABLE = "RUNWRIGHT_API_KEY"

_ATTEMPTS = 4
_PASSING = frozenset({502, 503, 504})
"""Statuses that a server, or the proxy before it, gives while it restarts."""
_MARGIN = 15.0
"""Seconds that an answer may take beyond what the server was asked to wait."""


class ClientError(Exception):
    """The server refused; the text is its own word on why, and ``status`` its status code."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class Unreachable(Exception):
    """No answer came; the text names the address and the cause."""


class NotConfigured(Exception):
    """The environment does not say which server, or with which key."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``body`` is None for 304, nothing changed."""

    body: dict[str, Any] | None
    etag: str | None


class Client:
    """Calls one server with one key."""

    def __init__(self, url: str, key: str) -> None:
        """Take the server's address, without a path of the API."""
        self.url = url.rstrip("/")
        self._key = key

    @classmethod
    def from_environment(cls) -> Client:
        """The client that ``RUNWRIGHT_URL`` and ``RUNWRIGHT_API_KEY`` describe.

        Raises:
            NotConfigured: the key is missing, or the address is none.
        """
        url = os.environ.get(URL_VARIABLE) or DEFAULT_URL
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NotConfigured(f"{URL_VARIABLE} is not an address such as {DEFAULT_URL}: {url!r}")
        key = os.environ.get(KEY_VARIABLE, "").strip()
        if not key:
            raise NotConfigured(f"{KEY_VARIABLE} is not set. Make a key with: runwright keys create --name cli")
        if not key.isascii() or not key.isprintable():
            raise NotConfigured(f"{KEY_VARIABLE} holds characters that no API key has.")
        return cls(url, key)

    def trigger(self, workflow_id: str, payload: Mapping[str, Any], *, idempotency_key: str) -> str:
        """Start the workflow and answer the execution's id.

        The idempotency key makes it safe to ask again when an answer was lost on its way, which is done here.

        Raises:
            ClientError: the server refused.
            Unreachable: no answer, several times.
        """
        answer = self._patiently(
            "POST",
            f"/api/workflows/{quote(workflow_id, safe='')}/trigger",
            data=json.dumps(payload).encode(),
            headers={"content-type": "application/json", "idempotency-key": idempotency_key},
        )
        return str((answer.body or {})["executionId"])

    def status(self, execution_id: str, *, wait: int = 0, etag: str | None = None) -> Answer:
        """The execution's status object; with ``wait`` and ``etag`` as soon as it changes, at most that many seconds.

        Raises:
            ClientError: the server refused.
            Unreachable: no answer, now.
        """
        path = f"/api/executions/{quote(execution_id, safe='')}"
        if wait:
            path += f"?wait={wait}"
        headers = {"if-none-match": etag} if etag else {}
        return self._call("GET", path, data=None, headers=headers, timeout=wait + _MARGIN)

    def manage(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A call of the management API, by its path below ``/api/v1``.

        Raises:
            ClientError: the server refused.
            Unreachable: no answer.
        """
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        return self._call(method, f"/api/v1{path}", data=data, headers=headers, timeout=60.0).body or {}

    def _patiently(self, method: str, path: str, *, data: bytes | None, headers: dict[str, str]) -> Answer:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._call(method, path, data=data, headers=headers, timeout=60.0)
            except Unreachable:
                if attempt == _ATTEMPTS:
                    raise
                time.sleep(0.25 * 2**attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _call(self, method: str, path: str, *, data: bytes | None, headers: dict[str, str], timeout: float) -> Answer:
        # The address was checked to be http or https when the client was made.
        request = urllib.request.Request(  # noqa: S310
            self.url + path, data=data, method=method, headers={"x-api-key": self._key, **headers}
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310
                return Answer(body=_object(response.read()), etag=response.headers.get("etag"))
        except urllib.error.HTTPError as error:
            if error.code == 304:
                return Answer(body=None, etag=error.headers.get("etag"))
            if error.code in _PASSING:
                raise Unreachable(f"{self.url} answers {error.code}: {_words_of(error)}") from None
            raise ClientError(_words_of(error), status=error.code) from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise Unreachable(f"{self.url} does not answer: {reason}") from None


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ClientError("The server's answer is no JSON object: is the address right?", status=200)
    return value


def _words_of(error: urllib.error.HTTPError) -> str:
    """The server's message with the fields it names, or the bare status when it gave none."""
    try:
        body = json.loads(error.read())
        fields = body.get("details", {}).get("fields", [])
        message = str(body["error"] if "error" in body else body["detail"])
    except (ValueError, KeyError, AttributeError, OSError):
        return f"The server answered {error.code} {error.reason}"
    return f"{message}: {', '.join(map(str, fields))}" if fields else message

"""``http``: one request to the outside, through the guard."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from runwright import __version__
from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    BlockError,
    Completed,
    Marker,
    TemplateText,
    wrong,
)
from runwright.integrations.http.errors import RequestError
from runwright.integrations.http.messages import Answer, Outgoing
from runwright.kit.json import dumps
from runwright.kit.text import shortened

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_USER_AGENT = f"runwright/{__version__}"
_WORTH_RETRYING = frozenset({408, 425, 429})
_QUOTED = 300
_MANAGED_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection"})


def _check_method(value: Any) -> Any:
    method = value.upper() if isinstance(value, str) else value
    if method not in METHODS:
        raise wrong(f"method must be one of {', '.join(METHODS)}")
    return method


def _check_expect(value: Any) -> Any:
    codes = [value] if isinstance(value, int) else value
    if not isinstance(codes, list | tuple) or not codes or not all(_is_status(code) for code in codes):
        raise wrong("expect must be a status code or a list of them, as in [200, 404]")
    return tuple(codes)


def _is_status(code: Any) -> bool:
    return isinstance(code, int) and not isinstance(code, bool) and 200 <= code <= 599


def _check_headers(headers: dict[str, str]) -> dict[str, str]:
    for name in headers:
        if not _HEADER_NAME.fullmatch(name):
            raise wrong(f"{name!r} is no valid header name")
        if name.lower() in _MANAGED_HEADERS:
            raise wrong(f"the header {name} is set by the request itself; remove it")
    return headers


class HttpConfig(BlockConfig):
    """Fields of ``http``: at most one of ``json``, ``form``, ``body``; without ``expect`` any 2xx."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    url: TemplateText
    """Where the request goes; http or https."""
    method: Annotated[str, BeforeValidator(_check_method)] = "GET"
    """The HTTP method."""
    headers: Annotated[dict[str, str], Marker.TEMPLATE] = Field(default_factory=dict)
    """Headers by name."""
    query: Annotated[dict[str, str | list[str]], Marker.TEMPLATE] = Field(default_factory=dict)
    """Query parameters by name; a list repeats one."""
    json_body: Annotated[Any, Marker.TEMPLATE] = Field(default=None, alias="json")
    """A body sent as JSON."""
    form: Annotated[dict[str, str] | None, Marker.TEMPLATE] = None
    """A body sent as the fields of a form."""
    body: Annotated[str | None, Marker.TEMPLATE] = None
    """A body sent as it is."""
    expect: Annotated[tuple[int, ...], BeforeValidator(_check_expect)] | None = None
    """The status codes that are no failure; without it any 2xx."""

    _headers_valid = field_validator("headers")(_check_headers)

    @field_validator("url")
    @classmethod
    def _looks_like_a_url(cls, url: str) -> str:
        if not url.strip():
            raise wrong("url is empty")
        if "{{" not in url.split("://", maxsplit=1)[0] and not url.lower().startswith(("http://", "https://")):
            raise wrong("url must start with http:// or https://")
        return url

    @model_validator(mode="after")
    def _one_body(self) -> HttpConfig:
        given = [name for name, field in _BODIES.items() if field in self.model_fields_set]
        if len(given) > 1:
            raise wrong(f"{' and '.join(given)} exclude each other; keep one")
        if given and self.method in {"GET", "HEAD"}:
            raise wrong(f"a {self.method} request has no {given[0]}; set method: POST or remove it")
        return self


_BODIES = {"json": "json_body", "form": "form", "body": "body"}


class HttpBlock(Block[HttpConfig]):
    """Sends a request; the output is the body of the answer.

    A block cut off in the middle runs again: every attempt of one round carries the same ``Idempotency-Key``,
    by which the target can tell the repetition.
    """

    type = "http"
    title = "HTTP request"
    description = "Calls a web address and gives the body of its answer."
    icon = "world-www"
    config_model = HttpConfig

    async def run(self, config: HttpConfig, context: BlockContext) -> Completed:
        """Send the request and check the status.

        Raises:
            BlockError: no answer, or one with a status that was not expected.
        """
        outgoing = _outgoing(config, context)
        context.emit("request", {"method": outgoing.method, "url": outgoing.url.partition("?")[0]})
        try:
            answer: Answer = await context.services.http.request(outgoing)
        except RequestError as error:
            raise BlockError(str(error), retryable=error.retryable) from error
        if not _is_expected(answer.status, config):
            raise _unexpected(answer, config, outgoing)
        return Completed(output=answer.text)


def _outgoing(config: HttpConfig, context: BlockContext) -> Outgoing:
    given: dict[str, str] = context.render(config.headers)
    content, content_type = _content(config, context)
    headers = {
        "User-Agent": _USER_AGENT,
        "Accept": "*/*",
        "Idempotency-Key": context.idempotency_key,
        "Content-Type": content_type,
    }
    taken = {name.lower() for name in given}
    headers = {name: value for name, value in headers.items() if value and name.lower() not in taken}
    return Outgoing(
        method=config.method,
        url=context.render(config.url),
        headers=headers | given,
        query=context.render(config.query),
        content=content,
        timeout=context.timeout,
    )


def _content(config: HttpConfig, context: BlockContext) -> tuple[bytes | None, str]:
    """The body to send, and its type; the type is empty when there is no body."""
    if "json_body" in config.model_fields_set:
        return dumps(context.render(config.json_body)).encode("utf-8", "replace"), "application/json"
    if config.form is not None:
        form = urlencode(context.render(config.form), errors="replace")
        return form.encode(), "application/x-www-form-urlencoded"
    if config.body is not None:
        return context.render(config.body).encode("utf-8", "replace"), "text/plain; charset=utf-8"
    return None, ""


def _is_expected(status: int, config: HttpConfig) -> bool:
    return status in config.expect if config.expect is not None else 200 <= status <= 299


def _unexpected(answer: Answer, config: HttpConfig, outgoing: Outgoing) -> BlockError:
    expected = " or ".join(map(str, config.expect)) if config.expect is not None else "2xx"
    said = shortened(answer.text, _QUOTED) or "nothing"
    retryable = answer.status >= 500 or answer.status in _WORTH_RETRYING
    return BlockError(
        f"{outgoing.method} {outgoing.url.partition('?')[0]} answered {answer.status}, not {expected}: {said}",
        retryable=retryable,
    )

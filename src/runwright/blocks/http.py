"""``http``: one request to the outside, through the guard."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    Completed,
    Marker,
    TemplateText,
    wrong,
)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
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
    method: Annotated[str, BeforeValidator(_check_method)] = "GET"
    headers: Annotated[dict[str, str], Marker.TEMPLATE] = Field(default_factory=dict)
    query: Annotated[dict[str, str | list[str]], Marker.TEMPLATE] = Field(default_factory=dict)
    json_body: Annotated[Any, Marker.TEMPLATE] = Field(default=None, alias="json")
    form: Annotated[dict[str, str] | None, Marker.TEMPLATE] = None
    body: Annotated[str | None, Marker.TEMPLATE] = None
    expect: Annotated[tuple[int, ...], BeforeValidator(_check_expect)] | None = None

    _headers_valid = field_validator("headers")(_check_headers)

    @field_validator("url")
    @classmethod
    def _looks_like_a_url(cls, url: str) -> str:
        if not url.strip():
            raise wrong("url is empty")
        if "{{" not in url.split("://", maxsplit=1)[0] and not url.lower().startswith(
            ("http://", "https://")
        ):
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
    """Sends a request; the output is the body of the answer."""

    type = "http"
    title = "HTTP request"
    description = "Calls a web address and gives the body of its answer."
    icon = "world-www"
    config_model = HttpConfig

    async def run(self, config: HttpConfig, context: BlockContext) -> Completed:
        """Send the request and check the status."""
        raise NotImplementedError

"""``http``: one request to the outside, through the guard."""

from __future__ import annotations

import re
from asyncio import to_thread
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

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
from runwright.integrations.http.credentials import Applied, CredentialError
from runwright.integrations.http.errors import RequestError
from runwright.integrations.http.extract import NotFound, PathError, check_path, find, parse, take
from runwright.integrations.http.messages import Answer, Outgoing
from runwright.integrations.http.pages import LINK, PageError, Paging, first, following
from runwright.kit.json import Json, dumps
from runwright.kit.text import shortened

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_USER_AGENT = f"runwright/{__version__}"
_WORTH_RETRYING = frozenset({408, 425, 429})
_QUOTED = 300
_READ = 100_000
MAX_PAGES_BYTES = 32 * 1024 * 1024
"""How much is read of all pages together."""
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


def _check_path(path: str) -> str:
    try:
        check_path(path)
    except PathError as error:
        raise wrong(str(error)) from None
    return path


def _check_extract(value: Any) -> Any:
    paths = list(value.values()) if isinstance(value, dict) else [value]
    if not paths or not all(isinstance(path, str) for path in paths):
        raise wrong("extract must be a JSON path such as $.items[*].name, or a mapping of names to such paths")
    for path in paths:
        _check_path(path)
    return value


Path = Annotated[str, AfterValidator(_check_path)]
"""A JSON path (RFC 9535)."""


class Pages(BaseModel):
    """How to get all pages of an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    next: str | None = None
    """`link` for the `Link` header, or the JSON path to the next page's address or, with `param`, to its cursor."""
    param: str | None = None
    """The query parameter for the cursor; without `next` it is a page number that counts up until a page is empty."""
    start: int = 1
    """The first page number."""
    items: Path = "$"
    """The JSON path to the list of items in each page."""
    limit: int = Field(default=10, ge=1, le=1_000)
    """How many pages are asked for at most."""

    @field_validator("next")
    @classmethod
    def _link_or_path(cls, following: str | None) -> str | None:
        return following if following in (None, LINK) else _check_path(str(following))

    @model_validator(mode="after")
    def _some_way(self) -> Pages:
        if self.next is None and self.param is None:
            raise wrong("pages needs next (link, or a JSON path) or param (the name of a query parameter)")
        if self.next == LINK and self.param is not None:
            raise wrong("the Link header has whole addresses; remove param")
        return self


class HttpConfig(BlockConfig):
    """Fields of ``http``: at most one of ``json``, ``form``, ``body``; without ``expect`` any 2xx."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    url: TemplateText
    """Where the request goes; http or https."""
    method: Annotated[str, BeforeValidator(_check_method), WithJsonSchema({"enum": list(METHODS)})] = "GET"
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
    connection: str | None = None
    """The connection of the project whose credential goes along; it is never shown."""
    extract: Annotated[str | dict[str, str], BeforeValidator(_check_extract)] | None = None
    """A JSON path (`$.items[*].name`): the output is what it leads to. Or several by name, for an object of them."""
    pages: Pages | None = None
    """How to get all pages; the output is the list of their items, from which `extract` then takes."""

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
    """Sends a request; the output is the body of the answer, or what is taken out of it.

    A block cut off in the middle runs again: every attempt of one round carries the same ``Idempotency-Key``,
    by which the target can tell the repetition.
    """

    type = "http"
    title = "HTTP request"
    description = "Calls a web address and gives the body of its answer, or the values taken out of it."
    icon = "world-www"
    config_model = HttpConfig

    async def run(self, config: HttpConfig, context: BlockContext) -> Completed:
        """Send the request, check the status, follow the pages and take out what is wanted.

        Raises:
            BlockError: no answer, one with a status that was not expected, or without what is to be taken out.
        """
        call = await _Call.prepared(config, context)
        try:
            text = await (call.once() if config.pages is None else call.all_pages(config.pages))
            text = call.applied.hide(text)
            return Completed(output=text if config.extract is None else await to_thread(_extracted, config, text))
        except RequestError as error:
            raise BlockError(call.applied.hide(str(error)), retryable=error.retryable) from error
        except (NotFound, PageError) as error:
            raise BlockError(call.applied.hide(f"{call.place}: {error}"), retryable=False) from error


@dataclass
class _Call:
    """The requests of one run."""

    config: HttpConfig
    context: BlockContext
    outgoing: Outgoing
    applied: Applied

    @classmethod
    async def prepared(cls, config: HttpConfig, context: BlockContext) -> _Call:
        outgoing = _outgoing(config, context)
        call = cls(config, context, outgoing, Applied())
        await call.authorize()
        return call

    @property
    def place(self) -> str:
        return f"{self.outgoing.method} {self.outgoing.url.partition('?')[0]}"

    async def authorize(self) -> None:
        """Get the credential; the one from before is dropped."""
        if self.config.connection is None:
            return
        context = self.context
        try:
            self.applied = await context.services.credentials.apply(
                self.config.connection, self.outgoing.url, org_id=context.org_id, project_id=context.project_id
            )
        except CredentialError as error:
            raise BlockError(str(error), retryable=error.retryable) from error

    async def once(self) -> str:
        return (await self._send(self.outgoing)).text

    async def all_pages(self, pages: Pages) -> str:
        """The items of all pages, as JSON text."""
        paging = Paging(next=pages.next, param=pages.param, start=pages.start)
        asked: Outgoing | None = first(self.outgoing, paging)
        items: list[Json] = []
        size = page = 0
        while asked is not None and page < pages.limit:
            page += 1
            answer = await self._send(asked)
            size += len(answer.body)
            if size > MAX_PAGES_BYTES:
                raise PageError(f"the pages are larger than {MAX_PAGES_BYTES} bytes together; lower pages.limit")
            value = parse(answer.text)
            found = find(pages.items, value)
            new = next(iter(found.values), None) if found.single else found.values
            if not isinstance(new, list):
                raise NotFound(f"{pages.items} leads to no list of items in page {page}")
            items += new
            asked = following(asked, paging, answer=answer, value=value, count=len(new), page=page)
        return dumps(items)

    async def _send(self, outgoing: Outgoing) -> Answer:
        answer = await self._request(outgoing)
        if answer.status == 401 and self.config.connection is not None:
            # A token may have ended before its time.
            self.context.services.credentials.forget(self.applied)
            before = self.applied
            await self.authorize()
            if self.applied != before:
                answer = await self._request(outgoing)
        if not _is_expected(answer.status, self.config):
            raise _unexpected(answer, self.config, outgoing, self.applied)
        return answer

    async def _request(self, outgoing: Outgoing) -> Answer:
        self.context.emit("request", {"method": outgoing.method, "url": outgoing.url.partition("?")[0]})
        own = {name.lower() for name in self.applied.headers}
        headers = {name: value for name, value in outgoing.headers.items() if name.lower() not in own}
        sent = replace(outgoing, headers={**headers, **self.applied.headers})
        answer: Answer = await self.context.services.http.request(sent)
        return answer


def _extracted(config: HttpConfig, text: str) -> str:
    value = parse(text)
    if isinstance(config.extract, dict):
        return dumps({name: take(path, value) for name, path in config.extract.items()})
    found = take(str(config.extract), value)
    return found if isinstance(found, str) else dumps(found)


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


def _unexpected(answer: Answer, config: HttpConfig, outgoing: Outgoing, applied: Applied) -> BlockError:
    expected = " or ".join(map(str, config.expect)) if config.expect is not None else "2xx"
    said = shortened(applied.hide(answer.text[:_READ]), _QUOTED) or "nothing"
    retryable = answer.status >= 500 or answer.status in _WORTH_RETRYING
    return BlockError(
        f"{outgoing.method} {outgoing.url.partition('?')[0]} answered {answer.status}, not {expected}: {said}",
        retryable=retryable,
    )

"""Follows an answer from page to page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from runwright.integrations.http.extract import find
from runwright.integrations.http.messages import Answer, Outgoing
from runwright.kit.json import Json

LINK = "link"
_LINK = re.compile(r"<(?P<url>[^<>]*)>(?P<params>(?:\s*;\s*[^,;<>]+)*)")
_NEXT = re.compile(r";\s*rel\s*=\s*(?:\"[^\"]*\bnext\b[^\"]*\"|next\b)", re.IGNORECASE)


class PageError(Exception):
    """The next page is not one that can be asked for; the text says why."""


@dataclass(frozen=True, slots=True)
class Paging:
    """How the pages of an answer hang together.

    ``next`` is ``link`` for the Link header, or the JSON path to the next address; with ``param`` what it leads to is
    the value of that query parameter. Without ``next``, ``param`` counts up from ``start``.
    """

    next: str | None
    param: str | None
    start: int


def first(outgoing: Outgoing, paging: Paging) -> Outgoing:
    """The request for the first page."""
    return _with(outgoing, paging.param, str(paging.start)) if _counts(paging) else outgoing


def following(
    outgoing: Outgoing, paging: Paging, *, answer: Answer, value: Json, count: int, page: int
) -> Outgoing | None:
    """The request for the page after this one, or None after the last. ``count``: the items of this page.

    Raises:
        PageError: the next page is at another server, or is this one again.
    """
    if _counts(paging):
        return _with(outgoing, paging.param, str(paging.start + page)) if count else None
    target = _link(answer) if paging.next == LINK else _at(str(paging.next), value)
    if target is None:
        return None
    if paging.param is not None:
        asked = _with(outgoing, paging.param, target)
    else:
        url = urljoin(answer.url, target)
        if _origin(url) != _origin(answer.url):
            raise PageError(f"the next page is at another server ({urlsplit(url).netloc}); it was not asked for")
        asked = replace(outgoing, url=url, query={})
    if asked == outgoing:
        raise PageError("the next page is the same page again")
    return asked


def _counts(paging: Paging) -> bool:
    return paging.next is None


def _with(outgoing: Outgoing, param: str | None, value: str) -> Outgoing:
    query: Mapping[str, object] = {**outgoing.query, str(param): value}
    return replace(outgoing, query=query)  # type: ignore[arg-type]


def _at(path: str, value: Json) -> str | None:
    found = find(path, value).values
    target = found[0] if found else None
    return None if target is None or target == "" or isinstance(target, bool) else str(target)


def _link(answer: Answer) -> str | None:
    for link in _LINK.finditer(answer.headers.get("link", "")[:20_000]):
        if _NEXT.search(link["params"]):
            return link["url"]
    return None


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc

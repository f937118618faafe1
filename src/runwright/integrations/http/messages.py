"""What goes out and what comes back, as plain data: cheap to import."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import Protocol

_WEB_CHARSET = re.compile(
    r"utf-?(8|16|32)([bl]e)?|us-ascii|ascii|latin-?1|(iso-8859|windows|cp|koi8|euc|iso-2022)-?\w+"
    r"|gbk|gb2312|gb18030|big5|shift[_-]jis"
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request to send. ``query`` is added to what the URL has already.

    ``timeout`` is in seconds and covers redirects and body; the installation's setting when None.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    content: bytes | None = None
    timeout: float | None = None
    follow_redirects: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back after all redirects. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def text(self) -> str:
        """The body as text: in the charset it declares, else UTF-8; what cannot be read becomes U+FFFD."""
        declared = Message()
        declared["content-type"] = self.headers.get("content-type", "")
        charset = declared.get_content_charset("utf-8")
        # Python knows "charsets" that are none of the web, and some of them take quadratic time.
        if not _WEB_CHARSET.fullmatch(charset):
            charset = "utf-8"
        try:
            return self.body.decode(charset, "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")


class Requests(Protocol):
    """Something that sends requests: the guarded client, or what stands in for it."""

    async def request(self, outgoing: Outgoing) -> Answer:
        """Send a request; see :class:`~runwright.integrations.http.client.GuardedClient`."""

    async def aclose(self) -> None:
        """Close what is open."""

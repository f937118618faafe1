"""The HTTP client of a test: plays recorded answers, and records new ones."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from runwright.integrations.http.credentials import Applied, Authorities
from runwright.integrations.http.errors import RequestError
from runwright.integrations.http.messages import Answer, Outgoing, Requests
from runwright.kit.json import dumps
from runwright.recordings.player import Player, Session, current_block
from runwright.recordings.secrets import Secrets
from runwright.recordings.tape import HttpAnswer, HttpEntry, HttpFailure

# All that blocks read of an answer's headers. Others, such as cookies, may be secrets.
_KEPT_HEADERS = ("content-type", "link", "location", "retry-after")
_LONGEST_SENT = 4_000
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request as it is known in a recording, without its secrets."""

    id: str
    shown: str
    sent: str | None


@dataclass(frozen=True, slots=True)
class TapedClient:
    """Answers from the recording of the session, or from outside and into it."""

    player: Player
    live: Requests

    async def request(self, outgoing: Outgoing) -> Answer:
        """See :meth:`~runwright.integrations.http.client.GuardedClient.request`.

        Raises:
            NotRecorded: there is no answer, and none may be asked for.
            RequestError: no usable answer, now or when it was recorded.
        """
        session = self.player.session
        asked = _described(outgoing, session.secrets)
        entry = session.take(asked.id)
        if isinstance(entry, HttpEntry):
            return _played(entry)
        if not session.asks:
            raise session.missing(asked.shown, similar=session.similar_http(asked.shown), kind="http")
        return await self._asked(outgoing, asked, session)

    async def aclose(self) -> None:
        """Close what is open."""
        await self.live.aclose()

    async def _asked(self, outgoing: Outgoing, asked: _Asked, session: Session) -> Answer:
        session.drop_refused(asked.id)
        entry = HttpEntry(block=current_block(), id=asked.id, request=asked.shown, sent=asked.sent)
        try:
            answer = await self.live.request(outgoing)
        except RequestError as error:
            message = session.secrets.hide(str(error))
            session.keep(entry.model_copy(update={"failure": HttpFailure(kind=type(error).__name__, message=message)}))
            raise
        kept = await asyncio.to_thread(_kept, answer, session.secrets)
        session.keep(entry.model_copy(update={"answer": kept}))
        return answer


@dataclass(frozen=True, slots=True)
class TapedCredentials:
    """Credentials that stay out of recordings; while only a recording is played none is needed."""

    player: Player
    live: Authorities

    async def apply(self, name: str, url: str, *, org_id: str, project_id: str) -> Applied:
        """See :meth:`~runwright.integrations.http.credentials.Credentials.apply`."""
        session = self.player.session
        if not session.asks:
            return Applied()
        applied = await self.live.apply(name, url, org_id=org_id, project_id=project_id)
        session.secrets.add("connection", applied.secrets)
        session.secrets.add("connection", applied.headers.values())
        return applied

    def forget(self, applied: Applied) -> None:
        """See :meth:`~runwright.integrations.http.credentials.Credentials.forget`."""
        if self.player.session.asks:
            self.live.forget(applied)


def _played(entry: HttpEntry) -> Answer:
    if entry.failure is not None:
        raise entry.failure.played()
    assert entry.answer is not None
    return entry.answer.played()


def _kept(answer: Answer, secrets: Secrets) -> HttpAnswer:
    body = answer.text
    secrets.learn(body)
    secrets.learn(urlsplit(answer.url).query, form=True)
    headers = {name: secrets.hide(answer.headers[name]) for name in _KEPT_HEADERS if name in answer.headers}
    return HttpAnswer.of(answer, body=secrets.hide(body), headers=headers, url=secrets.hide(answer.url))


def _described(outgoing: Outgoing, secrets: Secrets) -> _Asked:
    query = urlencode(dict(outgoing.query), doseq=True)
    url = f"{outgoing.url}{'&' if '?' in outgoing.url else '?'}{query}" if query else outgoing.url
    secrets.learn(url.partition("?")[2], form=True)
    body = _body(outgoing, secrets)
    shown = f"{outgoing.method} {secrets.hide(url)}"
    digest = hashlib.sha256(dumps([shown, body]).encode("utf-8", "replace")).hexdigest()[:32]
    return _Asked(id=digest, shown=shown, sent=body if body is None else body[:_LONGEST_SENT])


def _body(outgoing: Outgoing, secrets: Secrets) -> str | None:
    """What is sent, as text without its secrets; of other bodies the checksum."""
    if outgoing.content is None:
        return None
    try:
        text = outgoing.content.decode()
    except UnicodeDecodeError:
        return f"sha256:{hashlib.sha256(outgoing.content).hexdigest()}"
    kind = next((value for name, value in outgoing.headers.items() if name.lower() == "content-type"), "")
    secrets.learn(text, form=kind.startswith(_FORM))
    return secrets.hide(text)

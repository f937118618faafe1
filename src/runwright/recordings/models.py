"""The language models of a test: play recorded answers, or those the test gives, and record new ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from runwright.integrations.llm.registry import LanguageModels, ResolvedModel
from runwright.integrations.llm.vendors import DEMO, ModelNotAvailable
from runwright.recordings.player import Mode, Player, Session

if TYPE_CHECKING:
    from pydantic_ai.models import Model

SCRIPTED = "scripted"
"""The vendor whose models answer what a test says: ``scripted:BLOCK``."""

_TOKENS = 4096
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class TapedModels:
    """Finds models that answer from the recording of the session, or from outside and into it.

    The demo provider is always asked: it costs nothing and answers the same every time.
    """

    player: Player
    live: LanguageModels

    async def resolve(self, name: str | None, *, org_id: str, project_id: str) -> ResolvedModel:
        """See :meth:`~runwright.integrations.llm.registry.Models.resolve`."""
        session = self.player.session
        vendor, _, block = (name or "").partition(":")
        if vendor == SCRIPTED:
            return _resolved(f"{SCRIPTED}:{block}", _scripted(session, block))
        if vendor == DEMO:
            return await self.live.resolve(name, org_id=org_id, project_id=project_id)
        if session.mode is Mode.REPLAY:
            return await self._replayed(name, session, org_id=org_id, project_id=project_id)
        if session.mode is Mode.FILL:
            name = name or session.tape.default_model
        try:
            found = await self.live.resolve(name, org_id=org_id, project_id=project_id)
        except ModelNotAvailable:
            if session.mode is not Mode.FILL or name is None:
                raise
            # What is recorded of it can be played all the same.
            return _resolved(name, _taped(name, session, live=None))
        if found.is_demo:
            return found
        if name is None:
            session.tape.default_model = found.id
        return replace(found, model=_taped(found.id, session, live=found.model))

    async def aclose(self) -> None:
        """Close what is open."""
        await self.live.aclose()

    async def _replayed(self, name: str | None, session: Session, *, org_id: str, project_id: str) -> ResolvedModel:
        chosen = name or session.tape.default_model
        if chosen is None:
            # Nothing was recorded for a default model: only the demo provider may answer without being asked for.
            found = await self.live.resolve(None, org_id=org_id, project_id=project_id)
            if found.is_demo:
                return found
            chosen = found.id
        return _resolved(chosen, _taped(chosen, session, live=None))


def _resolved(name: str, model: Model) -> ResolvedModel:
    return ResolvedModel(id=name, model=model, max_tokens=_TOKENS, timeout=_SECONDS, retries=0)


def _scripted(session: Session, block: str) -> Model:
    from runwright.recordings.taped_model import ScriptedModel

    return ScriptedModel(session, block)


def _taped(name: str, session: Session, *, live: Model | None) -> Model:
    from runwright.recordings.taped_model import TapedModel

    return TapedModel(name, session, live=live)

"""Tries whether a model answers at all, with the shortest of questions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import ModelRequest
from pydantic_ai.settings import ModelSettings

from runwright.agents.failures import EXPLAINED, explain, timed_out
from runwright.integrations.llm.registry import Models, ResolvedModel
from runwright.integrations.llm.vendors import ModelNotAvailable
from runwright.kit.clock import now_ms
from runwright.kit.text import shortened

QUESTION = "Answer with the single word: ready"
SECONDS = 30.0
_MAX_TOKENS = 256
"""Room for a model that thinks before it answers."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Trial:
    """How a trial went: what the model answered, or what is wrong and what to do about it."""

    ok: bool
    message: str
    milliseconds: int


async def try_model(models: Models, name: str, *, org_id: str, project_id: str) -> Trial:
    """Ask a model, ``vendor:name``, one short question. It may cost a fraction of a cent, which is not booked."""
    started = now_ms()
    try:
        resolved = await models.resolve(name, org_id=org_id, project_id=project_id)
        answer = await _ask(resolved)
    except ModelNotAvailable as error:
        return Trial(ok=False, message=str(error), milliseconds=now_ms() - started)
    except TimeoutError:
        return Trial(ok=False, message=str(timed_out(model=name, seconds=SECONDS)), milliseconds=now_ms() - started)
    except EXPLAINED as error:
        return Trial(ok=False, message=str(explain(error, model=name)), milliseconds=now_ms() - started)
    return Trial(ok=True, message=shortened(answer, _LONGEST), milliseconds=now_ms() - started)


async def _ask(resolved: ResolvedModel) -> str:
    settings = ModelSettings(max_tokens=min(_MAX_TOKENS, resolved.max_tokens), timeout=SECONDS)
    async with asyncio.timeout(SECONDS):
        question = [ModelRequest.user_text_prompt(QUESTION)]
        async with model_request_stream(resolved.model, question, model_settings=settings) as answer:
            async for _ in answer:
                pass
    return (answer.get().text or "").strip()

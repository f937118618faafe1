"""Models that answer from a recording, or what a test says they answer."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import TypeAdapter
from pydantic_ai.exceptions import ModelAPIError
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    ModelResponsePart,
    TextPart,
    ToolCallPart,
)
from pydantic_ai.models import CompletedStreamedResponse, Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import RunContext, ToolDefinition
from pydantic_ai.usage import RequestUsage
from pydantic_core import to_jsonable_python

from runwright.integrations.llm.pricing import cost_of
from runwright.integrations.llm.vendors import DEMO
from runwright.kit.json import Json, dumps
from runwright.recordings.player import NotRecorded, Session, current_block
from runwright.recordings.tape import ModelEntry

_RESPONSE = TypeAdapter(ModelResponse)
_LONGEST_ASKED = 2_000
_CHARACTERS_PER_TOKEN = 4
# What differs between two runs of the same request.
_VOLATILE = frozenset({"timestamp", "run_id", "conversation_id", "metadata"})
# What is in a response beside what was said.
_UNTOLD = frozenset({"timestamp", "kind", "state", "run_id", "conversation_id", "metadata", "provider_details"})


class TapedModel(Model):
    """Answers from the session's recording; what that does not have is asked of ``live``, and recorded."""

    def __init__(self, name: str, session: Session, *, live: Model | None) -> None:
        """Take the whole name, ``vendor:name``, and the model that answers what is not recorded."""
        super().__init__(profile=live.profile if live is not None else None)
        self._name = name
        self._session = session
        self._live = live

    @property
    def model_name(self) -> str:
        """What is shown as the model."""
        return self._name.partition(":")[2]

    @property
    def system(self) -> str:
        """What is shown as the vendor."""
        return self._name.partition(":")[0]

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """The recorded answer, or a new one.

        Raises:
            ModelAPIError: nothing is recorded; the cause says what to do.
        """
        async with self.request_stream(messages, model_settings, model_request_parameters) as stream:
            async for _ in stream:
                pass
            return stream.get()

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        """The recorded answer in one piece, or a new one as it comes in.

        Raises:
            ModelAPIError: nothing is recorded; the cause says what to do.
        """
        asked = self._asked(messages, model_request_parameters)
        entry = self._session.take(asked.id)
        if isinstance(entry, ModelEntry):
            yield _played(_RESPONSE.validate_python(entry.response), model_request_parameters)
            return
        if self._live is None or not self._session.asks:
            raise ModelAPIError(self._name, "not recorded") from self._missing(asked)
        started = time.monotonic()
        async with self._live.request_stream(messages, model_settings, model_request_parameters) as stream:
            yield stream
            response = stream.get()
        if response.finish_reason is not None:
            self._keep(asked, response, seconds=time.monotonic() - started)

    def _asked(self, messages: list[ModelMessage], parameters: ModelRequestParameters) -> ModelEntry:
        """The request as a recording knows it, with no answer yet."""
        secrets = self._session.secrets
        told = dumps(_steady(ModelMessagesTypeAdapter.dump_python(messages, mode="json")))
        secrets.learn(told)
        described = {
            "model": self._name,
            "messages": secrets.hide(told),
            "output": parameters.output_object and to_jsonable_python(parameters.output_object.json_schema),
            "tools": [_described(tool) for tool in (*parameters.function_tools, *parameters.output_tools)],
        }
        digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:32]
        asked = secrets.hide("\n\n".join(_newest(messages)))[:_LONGEST_ASKED]
        return ModelEntry(block=current_block(), id=digest, model=self._name, asked=asked, response={})

    def _keep(self, asked: ModelEntry, response: ModelResponse, *, seconds: float) -> None:
        shown = dumps(_told(_RESPONSE.dump_python(response, mode="json", exclude_none=True)))
        self._session.secrets.learn(shown)
        kept = json.loads(self._session.secrets.hide(shown))
        entry = asked.model_copy(update={"response": kept, "seconds": round(seconds, 2)})
        self._session.keep(entry, cost=cost_of(response))

    def _missing(self, asked: ModelEntry) -> NotRecorded:
        similar = self._session.similar_model(asked.block)
        return self._session.missing(f"A request to {self._name}", similar=similar, kind="model")


class ScriptedModel(Model):
    """Answers what a test says, one answer after another: a text, or a value for an output with a schema."""

    def __init__(self, session: Session, block: str) -> None:
        """Take the block whose answers these are."""
        super().__init__()
        self._session = session
        self._block = block

    @property
    def model_name(self) -> str:
        """What is shown as the model."""
        return self._block

    @property
    def system(self) -> str:
        """What is shown as the vendor: like a demo it costs nothing."""
        return DEMO

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """The next answer.

        Raises:
            ModelAPIError: there is none left; the cause says what to do.
        """
        _, parameters = self.prepare_request(model_settings, model_request_parameters)
        try:
            value = self._session.scripted(self._block)
        except NotRecorded as error:
            raise ModelAPIError(self._block, "no answer left") from error
        self._session.tally.replayed += 1
        text = value if isinstance(value, str) else dumps(value)
        return ModelResponse(
            parts=[_part(value, text, parameters)],
            usage=RequestUsage(input_tokens=0, output_tokens=len(text) // _CHARACTERS_PER_TOKEN + 1),
            model_name=self.model_name,
            provider_name=self.system,
            finish_reason="stop",
        )

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        """The next answer in one piece."""
        response = await self.request(messages, model_settings, model_request_parameters)
        yield _played(response, model_request_parameters)


def _part(value: Json, text: str, parameters: ModelRequestParameters) -> ModelResponsePart:
    if parameters.output_tools and not isinstance(value, str):
        return ToolCallPart(parameters.output_tools[0].name, text, tool_call_id="scripted")
    return TextPart(text)


def _played(response: ModelResponse, parameters: ModelRequestParameters) -> StreamedResponse:
    return CompletedStreamedResponse(response, model_request_parameters=parameters, replay_events=True)


def _described(tool: ToolDefinition) -> Json:
    return to_jsonable_python([tool.name, tool.description, tool.parameters_json_schema])


def _steady(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _steady(inner) for name, inner in value.items() if name not in _VOLATILE}
    return [_steady(inner) for inner in value] if isinstance(value, list) else value


def _told(response: dict[str, Json]) -> dict[str, Json]:
    kept = {name: value for name, value in response.items() if name not in _UNTOLD and value not in ([], {}, "")}
    usage = {name: value for name, value in response.get("usage", {}).items() if value}
    return {**kept, "usage": usage}


def _newest(messages: list[ModelMessage]) -> Iterator[str]:
    """What was said to the model since its last answer, to be read."""
    requests = [message for message in messages if isinstance(message, ModelRequest)]
    for part in requests[-1].parts if requests else ():
        content = getattr(part, "content", None)
        if content:
            yield content if isinstance(content, str) else dumps(to_jsonable_python(content))

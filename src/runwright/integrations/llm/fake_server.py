"""A model server for tests that speaks every vendor's protocol, by script, and misbehaves on demand.

The vendors' real client libraries talk to it, so that what is tested is the true path.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from runwright.integrations.http.fake import CUT, NEVER, FakeServer, Reply, Seen

_EVENT_STREAM = {"content-type": "text/event-stream"}


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with a text, in pieces of a few characters."""

    text: str
    finish: str = "stop"
    """``stop``, or ``length`` for an answer that ran into its limit."""


@dataclass(frozen=True, slots=True)
class Give:
    """Answer with a JSON value: as a call of the output tool where one is offered, else as text."""

    value: Any


@dataclass(frozen=True, slots=True)
class Use:
    """Call a tool, on OpenAI's chat protocol."""

    tool: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class Fail:
    """Answer with an HTTP error."""

    status: int
    message: str = "this is a scripted failure"


@dataclass(frozen=True, slots=True)
class BreakOff:
    """Begin to answer, and end the stream in the middle, as if that were all."""

    text: str


@dataclass(frozen=True, slots=True)
class BreakOffCall:
    """Begin to call a tool, on OpenAI's chat protocol, and end the stream in the middle."""

    tool: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class Stall:
    """Begin to answer, and then say no more, without ending the stream."""

    text: str


@dataclass(frozen=True, slots=True)
class Garbage:
    """Answer 200 with something that is no JSON."""

    body: bytes = b"<html>It works!</html>"


class Hang:
    """Never answer."""


class Vanish:
    """Close the connection without a word."""


Streamed = Say | Give | Use | BreakOff | BreakOffCall
Step = Streamed | Stall | Fail | Garbage | Hang | Vanish


class FakeModelServer(FakeServer):
    """Answers the first request with the first step, and so on; the last step answers all that follow.

    Addresses: ``server.openai_url`` for chat and responses, ``server.url`` for Anthropic and Google.
    """

    def __init__(self, *steps: Step) -> None:
        """Take the script; without one it says hello."""
        super().__init__(self._answer)
        self._steps: Sequence[Step] = steps or (Say("Hello from the fake model."),)

    @property
    def openai_url(self) -> str:
        """The base address for OpenAI's protocols."""
        return f"{self.url}/v1"

    @property
    def calls(self) -> int:
        """How many requests came in."""
        return len(self.seen)

    def _answer(self, seen: Seen) -> Reply:
        step = self._steps[min(len(self.seen), len(self._steps)) - 1]
        match step:
            case Hang():
                return NEVER
            case Vanish():
                return CUT
            case Garbage(body=body):
                return Reply(body=body, headers={"content-type": "text/html"})
            case Fail(status=status, message=message):
                return Reply.of({"error": {"message": message, "type": "scripted"}}, status=status)
            case Stall(text=text):
                body = b"".join(_stream(seen, BreakOff(text)))
                return Reply(body=body, headers=_EVENT_STREAM, length=len(body) + 1, hold=True)
        return Reply(body=b"".join(_stream(seen, step)), headers=_EVENT_STREAM)


def answer_chat(seen: Seen, text: str) -> Reply:
    """An answer in OpenAI's chat protocol, for other fakes."""
    return Reply(body=b"".join(_chat(seen, Say(text))), headers=_EVENT_STREAM)


def _stream(seen: Seen, step: Streamed) -> Iterator[bytes]:
    if seen.path.endswith("/chat/completions"):
        return _chat(seen, step)
    if seen.path.endswith("/responses"):
        return _responses(seen, step)
    if seen.path.endswith("/messages") or "/messages?" in seen.path:
        return _messages(seen, step)
    return _google(seen, step)


def _pieces(text: str, size: int = 7) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def _text_of(step: Streamed) -> str:
    if isinstance(step, Use | BreakOffCall):
        return json.dumps(step.arguments)
    return json.dumps(step.value) if isinstance(step, Give) else step.text


def _data(value: Any, *, event: str | None = None) -> bytes:
    head = f"event: {event}\n" if event else ""
    return f"{head}data: {json.dumps(value)}\n\n".encode()


def _chat(seen: Seen, step: Streamed) -> Iterator[bytes]:
    """OpenAI's chat completions."""
    asked = seen.json()
    base = {"id": "chat-1", "object": "chat.completion.chunk", "created": 0, "model": asked["model"]}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        return _data({**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    tools = asked.get("tools")
    if isinstance(step, Use | BreakOffCall) or (isinstance(step, Give) and tools):
        name = tools[-1]["function"]["name"] if isinstance(step, Give) else step.tool
        function = {"name": name, "arguments": _text_of(step)}
        call = {"index": 0, "id": "call-1", "type": "function", "function": function}
        yield chunk({"role": "assistant", "tool_calls": [call]})
        if isinstance(step, BreakOffCall):
            return
        yield chunk({}, "tool_calls")
    else:
        for piece in _pieces(_text_of(step)):
            yield chunk({"role": "assistant", "content": piece})
        if isinstance(step, BreakOff):
            return
        yield chunk({}, step.finish if isinstance(step, Say) else "stop")
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    yield _data({**base, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _responses(seen: Seen, step: Streamed) -> Iterator[bytes]:
    """OpenAI's responses."""
    asked = seen.json()
    text = _text_of(step)
    tools = asked.get("tools")
    response: dict[str, Any] = {
        "id": "resp-1",
        "object": "response",
        "created_at": 0,
        "model": asked["model"],
        "status": "in_progress",
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }
    if isinstance(step, Give) and tools:
        call = {
            "type": "function_call",
            "id": "fc-1",
            "call_id": "call-1",
            "name": tools[0]["name"],
            "arguments": text,
            "status": "completed",
        }
        parts = _responses_call(call)
        output: list[dict[str, Any]] = [call]
    else:
        content = [{"type": "output_text", "text": text, "annotations": []}]
        output = [{"type": "message", "id": "msg-1", "role": "assistant", "status": "completed", "content": content}]
        parts = _responses_text(text)
    events = chain([{"type": "response.created", "response": response}], parts)
    for number, event in enumerate(events):
        yield _data({"sequence_number": number, **event}, event=event["type"])
    if isinstance(step, BreakOff):
        return
    usage = {
        "input_tokens": 1000,
        "output_tokens": 100,
        "total_tokens": 1100,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
    }
    too_long = isinstance(step, Say) and step.finish == "length"
    kind = "incomplete" if too_long else "completed"
    details = {"reason": "max_output_tokens"} if too_long else None
    done = {**response, "status": kind, "output": output, "usage": usage, "incomplete_details": details}
    yield _data({"type": f"response.{kind}", "sequence_number": 99, "response": done}, event=f"response.{kind}")


def _responses_text(text: str) -> Iterator[dict[str, Any]]:
    item = {"type": "message", "id": "msg-1", "role": "assistant", "status": "in_progress", "content": []}
    place = {"item_id": "msg-1", "output_index": 0, "content_index": 0}
    yield {"type": "response.output_item.added", "output_index": 0, "item": item}
    yield {
        "type": "response.content_part.added",
        **place,
        "part": {"type": "output_text", "text": "", "annotations": []},
    }
    for piece in _pieces(text):
        yield {"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []}


def _responses_call(call: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"type": "response.output_item.added", "output_index": 0, "item": {**call, "arguments": ""}}
    place = {"item_id": call["id"], "output_index": 0}
    yield {"type": "response.function_call_arguments.delta", **place, "delta": call["arguments"]}
    yield {"type": "response.function_call_arguments.done", **place, "arguments": call["arguments"]}
    yield {"type": "response.output_item.done", "output_index": 0, "item": call}


def _messages(seen: Seen, step: Streamed) -> Iterator[bytes]:
    """Anthropic's messages."""
    asked = seen.json()
    tools = asked.get("tools")
    message = {
        "id": "msg-1",
        "type": "message",
        "role": "assistant",
        "model": asked["model"],
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 1000, "output_tokens": 1},
    }
    is_call = isinstance(step, Give) and bool(tools)
    if is_call:
        block = {"type": "tool_use", "id": "call-1", "name": tools[0]["name"], "input": {}}
        deltas = [{"type": "input_json_delta", "partial_json": _text_of(step)}]
        reason = "tool_use"
    else:
        block = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": piece} for piece in _pieces(_text_of(step))]
        reason = "max_tokens" if isinstance(step, Say) and step.finish == "length" else "end_turn"
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
    ]
    if not isinstance(step, BreakOff):
        ending = {"stop_reason": reason, "stop_sequence": None}
        events += [
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": ending, "usage": {"output_tokens": 100}},
            {"type": "message_stop"},
        ]
    return (_data(event, event=event["type"]) for event in events)


def _google(seen: Seen, step: Streamed) -> Iterator[bytes]:
    """Google's generateContent, streaming."""
    tools = seen.json().get("tools")
    model = seen.path.rpartition("/")[2].partition(":")[0]

    def chunk(part: dict[str, Any], finish: str | None = None) -> bytes:
        candidate: dict[str, Any] = {"content": {"role": "model", "parts": [part]}, "index": 0}
        if finish:
            candidate["finishReason"] = finish
        usage = {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100}
        return _data({"candidates": [candidate], "usageMetadata": usage, "modelVersion": model})

    if isinstance(step, Give) and tools:
        name = tools[0]["functionDeclarations"][0]["name"]
        yield chunk({"functionCall": {"name": name, "args": step.value}}, "STOP")
        return
    for piece in _pieces(_text_of(step)):
        yield chunk({"text": piece})
    if not isinstance(step, BreakOff):
        yield chunk({"text": ""}, "MAX_TOKENS" if isinstance(step, Say) and step.finish == "length" else "STOP")

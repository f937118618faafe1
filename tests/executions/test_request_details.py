"""What is shown of the requests an execution made."""

from __future__ import annotations

import json

from runwright.executions.request_details import detail_of


def test_of_a_models_answer_its_text_and_calls() -> None:
    response = {
        "parts": [
            {"part_kind": "text", "content": "I look it up."},
            {"part_kind": "tool-call", "tool_name": "http_request", "args": '{"url":"https://example.com"}'},
            {"part_kind": "thinking", "content": "hidden"},
        ],
        "provider_details": {"finish_reason": "stop"},
    }
    assert detail_of("model", json.dumps(response)) == {
        "text": "I look it up.",
        "calls": [{"tool": "http_request", "arguments": '{"url":"https://example.com"}'}],
    }


def test_of_code_all_of_it_with_long_texts_cut() -> None:
    shown = detail_of("code", json.dumps({"printed": "x" * 5000, "result": "1"}))
    assert shown == {"printed": "x" * 4000 + "… (5000 characters)", "result": "1"}

from __future__ import annotations

import pytest
from pydantic_ai.messages import ModelResponse, TextPart
from pydantic_ai.usage import RequestUsage

from runwright.integrations.llm.pricing import cost_of


def response(*, model: str | None, vendor: str, url: str | None = None, **usage: int) -> ModelResponse:
    counted = RequestUsage(**(usage or {"input_tokens": 1_000_000, "output_tokens": 1_000_000}))
    return ModelResponse(
        parts=[TextPart("hi")], model_name=model, provider_name=vendor, provider_url=url, usage=counted
    )


def test_a_known_model_has_a_price_in_millionths_of_a_dollar() -> None:
    assert cost_of(response(model="gpt-4o-mini", vendor="openai")) == 750_000


def test_a_fraction_of_a_millionth_counts_as_one() -> None:
    assert cost_of(response(model="gpt-4o-mini", vendor="openai", input_tokens=1, output_tokens=0)) == 1


@pytest.mark.parametrize(
    "unknown",
    [
        response(model="gpt-4o-mini", vendor="compatible", url="http://127.0.0.1:8080/v1"),
        response(model="never-heard-of", vendor="openai"),
        response(model=None, vendor="openai"),
        response(model="gpt-4o-mini", vendor="openai", unmeasured_requests=1),
    ],
)
def test_an_unknown_price_is_none_and_not_zero(unknown: ModelResponse) -> None:
    assert cost_of(unknown) is None


def test_the_demo_costs_nothing() -> None:
    assert cost_of(response(model="scripted", vendor="demo")) == 0

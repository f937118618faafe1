"""What an answer cost."""

from __future__ import annotations

from decimal import ROUND_CEILING
from typing import TYPE_CHECKING

from runwright.integrations.llm.vendors import DEMO, LOCAL
from runwright.kit.money import PER_DOLLAR, Micros

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse


def cost_of(response: ModelResponse) -> Micros | None:
    """The price of an answer, or None when it is not known: a model without a price list is not a free one."""
    if response.provider_name in (DEMO, LOCAL):
        return 0
    try:
        price = response.cost().total_price
    except (LookupError, ValueError, AssertionError):
        return None
    return int((price * PER_DOLLAR).to_integral_value(ROUND_CEILING))

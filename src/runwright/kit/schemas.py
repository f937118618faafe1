"""The form of what ``/api/v1`` takes and answers: camel case like the public API, times in ISO, lists in pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from runwright.kit import clock
from runwright.kit.clock import Millis
from runwright.kit.pages import Page

T = TypeVar("T")
R = TypeVar("R")


class ApiModel(BaseModel):
    """Something that is answered: ``created_at`` is sent as ``createdAt``."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class ApiInput(ApiModel):
    """Something that is sent to us. A field we do not know is an error, so that a typing slip is not lost."""

    model_config = ConfigDict(extra="forbid")


Moment = Annotated[
    Millis,
    PlainSerializer(clock.iso, return_type=str | None),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment, answered as UTC with milliseconds and ``Z``."""


class Listed(ApiModel, Generic[T]):
    """One piece of a list. ``nextCursor`` is sent back as ``cursor`` for the next one; null on the last."""

    items: list[T]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[R], shown: Callable[[R], T]) -> Listed[T]:
        """A page of records as it is answered."""
        return cls(items=[shown(item) for item in page.items], next_cursor=page.next_cursor)

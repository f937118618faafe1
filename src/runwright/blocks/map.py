"""``map``: runs a block for each item of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field, field_validator

from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    BlockError,
    BlockResult,
    Completed,
    ItemResult,
    Marker,
    Parked,
    TemplateJson,
    wrong,
)
from runwright.kit.clock import now_ms
from runwright.kit.json import Json, dumps, loads

MAX_ITEMS: Final = 10_000
MAX_CONCURRENCY: Final = 100
MAX_OUTPUT: Final = 20_000_000
"""Longest output, in characters: the outputs of all items together."""


class OnItemError(StrEnum):
    """What the failure of an item means for the block."""

    FAIL = "fail"
    SKIP = "skip"
    COLLECT = "collect"


class MapConfig(BlockConfig):
    """Fields of a ``map`` block."""

    over: TemplateJson
    """The list: written out, or a text that comes to one, as a JSON list or one item on each line."""
    block: Annotated[dict[str, Any], Marker.BLOCK]
    """The block that runs for each item: its ``type`` with that type's fields, ``timeout`` and ``retry``. Its texts see
    ``item`` and, counted from 0, ``index``."""
    concurrency: int = Field(default=5, ge=1, le=MAX_CONCURRENCY)
    """How many items run at a time."""
    on_item_error: OnItemError = OnItemError.FAIL
    """``fail``: the first item that fails ends the block. ``skip``: failed items are left out of the list. ``collect``:
    they stand in it as ``{"error": …}``."""

    @field_validator("over")
    @classmethod
    def _a_list_or_a_text(cls, over: Any) -> Any:
        if not isinstance(over, (list, str)):
            raise wrong("over must be a list, or a {{ name }} that comes to one")
        return over


class MapBlock(Block[MapConfig]):
    """Runs a block for each item; the output is the JSON list of their outputs, in the order of the items.

    Each item has a status of its own, and what is finished never runs again, whatever happens to the server.
    """

    type = "map"
    title = "Map"
    description = "Runs a block for each item of a list."
    icon = "list-details"
    config_model = MapConfig
    parks = True

    async def run(self, config: MapConfig, context: BlockContext) -> BlockResult:
        """Run the items that are not finished.

        Raises:
            BlockError: there is no list, it is too long, or an item failed and ``on_item_error`` is ``fail``.
        """
        deadline = None if context.timeout is None else context.started_at + int(context.timeout * 1000)
        if deadline is not None and now_ms() >= deadline:
            raise BlockError(f"It took longer than its timeout of {context.timeout:g} seconds.", retryable=False)
        values = _list(context.render(config.over))
        fail = config.on_item_error is OnItemError.FAIL
        results = await context.items.run_each(values, concurrency=config.concurrency, stop_on_error=fail)
        if isinstance(results, Parked):
            return results
        if fail:
            _require_success(results)
        return Completed(output=_together(results, config.on_item_error))


def _list(value: Json) -> list[Json]:
    found = _read(value) if isinstance(value, str) else value
    if len(found) > MAX_ITEMS:
        raise BlockError(
            f"over has {len(found):,} items; a map block takes at most {MAX_ITEMS:,}. Split the list before it.",
            retryable=False,
        )
    return list(found)


def _read(text: str) -> list[Json]:
    if not text.lstrip().startswith(("[", "{")):
        return [line.strip() for line in text.splitlines() if line.strip()]
    try:
        value = loads(text)
    except (ValueError, RecursionError) as error:
        raise BlockError(f"over looks like JSON but cannot be read: {error}", retryable=False) from error
    if not isinstance(value, list):
        raise BlockError("over is a JSON object; it must be a list, such as one of its fields", retryable=False)
    return value


def _require_success(results: Sequence[ItemResult]) -> None:
    failed = [index for index, result in enumerate(results) if result.error is not None]
    if failed:
        error = results[failed[0]].error
        # The items have had their own retries; what is finished would only be looked at again.
        raise BlockError(f"Item {failed[0]} (counted from 0) of {len(results):,} failed: {error}", retryable=False)


def _together(results: Sequence[ItemResult], on_error: OnItemError) -> str:
    parts: list[str] = []
    length = 0
    for part in _parts(results, on_error):
        length += len(part) + 1
        if length > MAX_OUTPUT:
            raise BlockError(
                f"The outputs of the items are together longer than {MAX_OUTPUT:,} characters; have them say less, "
                "or save them as artifacts.",
                retryable=False,
            )
        parts.append(part)
    return f"[{','.join(parts)}]"


def _parts(results: Sequence[ItemResult], on_error: OnItemError) -> Iterator[str]:
    for result in results:
        if result.error is None:
            yield _as_json(result.output or "")
        elif on_error is OnItemError.COLLECT:
            yield dumps({"error": result.error})


def _as_json(output: str) -> str:
    """Structured outputs stay structured; everything else is a text."""
    if output.lstrip().startswith(("{", "[")):
        try:
            return dumps(loads(output))
        except (ValueError, RecursionError):
            pass
    return dumps(output)

"""The tools with which an agent reads files: those uploaded to its project, and what its run has saved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from runwright.agents.offers import Offer, ToolCall, ToolFailed, object_schema
from runwright.blocks.base import BlockContext, BlockError
from runwright.errors import ProductError

_NAME = {"type": "string", "description": "A part of the file's name; all files when absent."}

Ask = Callable[[BlockContext, ToolCall], Awaitable[str]]


def file_offers(context: BlockContext) -> list[Offer]:
    """The three tools: list, search and read. None of them changes anything.

    Raises:
        BlockError: there are no files where this runs.
    """
    if context.services.files is None:
        raise BlockError("tools.files needs an installation with a database, and there is none here", retryable=False)
    words = {"type": "string", "description": "What stands in the line; case does not matter."}
    file = {"type": "string", "description": "The id of the file, or its name."}
    offset = {"type": "integer", "description": "The byte to begin at, 0 when absent."}
    return [
        _offer(context, "list_files", "Lists the files there are.", {"name": _NAME}, [], _list),
        _offer(
            context,
            "search_files",
            "Finds the lines of text files that hold some words.",
            {"words": words, "name": _NAME},
            ["words"],
            _search,
        ),
        _offer(
            context,
            "read_file",
            "Reads a text file, a piece at a time.",
            {"file": file, "offset": offset},
            ["file"],
            _read,
        ),
    ]


def _offer(
    context: BlockContext, name: str, description: str, properties: dict[str, object], required: list[str], ask: Ask
) -> Offer:
    schema = object_schema(properties, required=required)
    return Offer(name, description, schema, partial(_answered, context, ask))


async def _answered(context: BlockContext, ask: Ask, call: ToolCall) -> str:
    try:
        return await ask(context, call)
    except ProductError as error:
        raise ToolFailed(str(error)) from error


async def _list(context: BlockContext, call: ToolCall) -> str:
    found: str = await context.services.files.list_files(context, name=call.text("name"))
    return found


async def _search(context: BlockContext, call: ToolCall) -> str:
    words, name = call.text("words"), call.text("name")
    found: str = await context.services.files.search_files(context, words=words, name=name)
    return found


async def _read(context: BlockContext, call: ToolCall) -> str:
    try:
        offset = int(call.text("offset", "0"))
    except ValueError:
        raise ToolFailed("offset must be a whole number of bytes") from None
    piece: str = await context.services.files.read_file(context, file=call.text("file"), offset=offset)
    return piece

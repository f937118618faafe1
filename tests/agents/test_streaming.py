"""Text on its way to watchers: in batches, in order, nothing lost."""

from __future__ import annotations

import asyncio

import pytest

from runwright.agents import streaming
from runwright.agents.streaming import INTERVAL_S, TextStream
from tests.blocks.support import Events, context

pytestmark = pytest.mark.anyio


async def test_the_first_piece_goes_at_once_and_the_rest_in_batches() -> None:
    events = Events()
    stream = TextStream(context(events=events), request=3)
    for piece in ("One", "", " two", " three"):
        stream.add(piece)
    assert events.seen == [("text", {"request": 3, "offset": 0, "delta": "One"})]
    await asyncio.sleep(2 * INTERVAL_S)
    assert events.seen[1:] == [("text", {"request": 3, "offset": 3, "delta": " two three"})]
    stream.add(" four")
    stream.close()
    assert "".join(value["delta"] for _, value in events.seen) == "One two three four"


async def test_who_begins_to_watch_in_the_middle_hears_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "REPEAT_S", 0.01)
    events = Events()
    stream = TextStream(context(events=events), request=1)
    stream.add("One")
    stream.add(" two")
    await asyncio.sleep(3 * INTERVAL_S)
    stream.close()
    assert events.seen[-1] == ("text", {"request": 1, "offset": 0, "delta": "One two"})


async def test_nothing_is_sent_after_the_end() -> None:
    events = Events()
    stream = TextStream(context(events=events), request=1)
    stream.add("a")
    stream.add("b")
    stream.close()
    count = len(events.seen)
    await asyncio.sleep(2 * INTERVAL_S)
    assert len(events.seen) == count == 2

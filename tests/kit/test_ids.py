"""Identifiers: of the form RFC 9562 gives, and in the order they were made."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from runwright.kit.clock import now_ms
from runwright.kit.ids import is_uuid, new_key_id, new_uuid


def test_a_new_uuid_is_a_version_7_of_now() -> None:
    before = now_ms()
    made = uuid.UUID(new_uuid())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert before <= made.int >> 80 <= now_ms() + 1


def test_uuids_sort_in_the_order_they_were_made() -> None:
    made = [new_uuid() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_threads_never_make_the_same_one() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_uuid(), range(20_000)))
    assert len(set(made)) == len(made)


def test_what_is_a_uuid() -> None:
    assert is_uuid(new_uuid())
    assert is_uuid(new_uuid().upper())
    assert not is_uuid(new_uuid() + "0")
    assert not is_uuid(new_uuid().replace("-", ""))
    assert new_key_id().startswith("ak_")

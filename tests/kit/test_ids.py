"""Identifiers."""

from __future__ import annotations

import time
import uuid

from runwright.kit.ids import is_uuid, new_uuid


def test_ids_are_version_7_uuids_of_now() -> None:
    made = uuid.UUID(new_uuid())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert abs((made.int >> 80) - time.time_ns() // 1_000_000) < 60_000


def test_ids_sort_in_the_order_they_were_made_also_within_a_millisecond() -> None:
    made = [new_uuid() for _ in range(5_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_what_is_a_uuid() -> None:
    assert is_uuid(new_uuid())
    assert is_uuid(new_uuid().upper())
    assert not is_uuid(new_uuid() + "0")
    assert not is_uuid("0190f0c4")

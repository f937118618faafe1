"""Column types with the product's meaning."""

from __future__ import annotations

import sqlalchemy as sa

Millis = sa.BigInteger
"""A moment in milliseconds since the epoch, see ``kit.clock``."""

Micros = sa.BigInteger
"""Money in millionths of a US dollar."""

Id = sa.String
"""An identifier from ``kit.ids``."""

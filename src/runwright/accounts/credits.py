"""Credit: what an organization may spend on models, and what it has spent. The sum of the entries is the truth."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from runwright.accounts.models import organizations, usage_entries
from runwright.accounts.repository import Span
from runwright.accounts.service import get_organization
from runwright.errors import Conflict
from runwright.kit import pages
from runwright.kit.clock import Millis
from runwright.kit.money import LARGEST, Micros
from runwright.kit.pages import Page


@dataclass(frozen=True, slots=True)
class Credit:
    """``limit`` None: unlimited. Nothing is triggered any more once ``used`` has reached ``limit``."""

    limit: Micros | None
    used: Micros

    @property
    def reached(self) -> bool:
        """Whether triggers are refused."""
        return self.limit is not None and self.used >= self.limit

    @property
    def remaining(self) -> Micros | None:
        """What is left, never below zero; None: unlimited."""
        return None if self.limit is None else max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class UsageEntry:
    """One paid request to a model."""

    id: str
    execution_id: str | None
    block_key: str | None
    model: str | None
    cost_micros: Micros
    created_at: Millis


# Built once: these run on every trigger.
_LIMIT = sa.select(organizations.c.credit_limit_micros).where(organizations.c.id == sa.bindparam("org_id"))
_USED = sa.select(sa.func.coalesce(sa.func.sum(usage_entries.c.cost_micros), 0)).where(
    usage_entries.c.org_id == sa.bindparam("org_id")
)


def credit_exhausted(conn: sa.Connection, org_id: str) -> bool:
    """Whether the organization has reached its limit. Without a limit nothing is summed up."""
    limit = conn.execute(_LIMIT, {"org_id": org_id}).scalar_one_or_none()
    return limit is not None and _used(conn, org_id) >= limit


def credit_of(conn: sa.Connection, org_id: str) -> Credit:
    """An organization's limit and what it has used.

    Raises:
        NotFound: there is no such organization.
    """
    return Credit(limit=get_organization(conn, org_id).credit_limit_micros, used=_used(conn, org_id))


def set_limit(conn: sa.Connection, org_id: str, *, limit: Micros | None) -> Credit:
    """Set the limit; None takes it away.

    Raises:
        NotFound: there is no such organization.
    """
    conn.execute(organizations.update().where(organizations.c.id == org_id).values(credit_limit_micros=limit))
    return credit_of(conn, org_id)


def add_credits(conn: sa.Connection, org_id: str, *, amount: Micros) -> Credit:
    """Raise the limit by an amount.

    Raises:
        Conflict: there is no limit to raise, or it would grow beyond what can be counted.
        NotFound: there is no such organization.
    """
    limit = organizations.c.credit_limit_micros
    raised = conn.execute(
        organizations.update()
        .where(organizations.c.id == org_id, limit <= LARGEST - amount)
        .values(credit_limit_micros=limit + amount)
    ).rowcount
    credit = credit_of(conn, org_id)
    if not raised:
        problem = "has no credit limit; set one first" if credit.limit is None else "would get too high a limit"
        raise Conflict(f"The organization {problem}")
    return credit


def list_usage(conn: sa.Connection, org_id: str, *, span: Span) -> Page[UsageEntry]:
    """What was paid for, newest first."""
    columns = (usage_entries.c[name] for name in UsageEntry.__dataclass_fields__)
    statement = sa.select(*columns).where(usage_entries.c.org_id == org_id)
    if span.after is not None:
        statement = statement.where(usage_entries.c.id < span.after)
    rows = conn.execute(statement.order_by(usage_entries.c.id.desc()).limit(span.limit + 1))
    return pages.cut([UsageEntry(*row) for row in rows], limit=span.limit, cursor_of=lambda entry: entry.id)


def _used(conn: sa.Connection, org_id: str) -> Micros:
    # PostgreSQL sums 64-bit integers into a decimal.
    return int(conn.execute(_USED, {"org_id": org_id}).scalar_one())

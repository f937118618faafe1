"""Model providers of an organization: which vendors it may use, at which address, with which sealed key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

import sqlalchemy as sa

from runwright.accounts.models import model_providers
from runwright.accounts.repository import lock_organization
from runwright.errors import Invalid, NotFound
from runwright.kit.clock import Millis, now_ms
from runwright.kit.crypto import SecretBox
from runwright.kit.ids import new_uuid

MAX_KEY = 4096
MAX_URL = 2048


class Vendor(StrEnum):
    """Who answers the requests to a model; ``compatible`` is any server that speaks OpenAI's chat protocol."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GOOGLE = "google"
    COMPATIBLE = "compatible"


@dataclass(frozen=True, slots=True)
class Provider:
    """What is shown of a provider: never its key."""

    id: str
    vendor: Vendor
    base_url: str | None
    has_api_key: bool
    created_at: Millis


@dataclass(frozen=True, slots=True)
class ProviderAccess:
    """What a request to a provider needs. The key is in clear: not to be logged, stored or answered."""

    vendor: Vendor
    base_url: str | None
    api_key: str | None

    def __repr__(self) -> str:
        return f"ProviderAccess(vendor={self.vendor.value!r}, base_url={self.base_url!r})"


def list_providers(conn: sa.Connection, org_id: str) -> list[Provider]:
    """The organization's providers, by vendor."""
    table = model_providers.c
    statement = sa.select(table.id, table.vendor, table.base_url, table.api_key_sealed.is_not(None), table.created_at)
    rows = conn.execute(statement.where(table.org_id == org_id).order_by(table.vendor))
    return [
        Provider(id=row[0], vendor=Vendor(row[1]), base_url=row[2], has_api_key=row[3], created_at=row[4])
        for row in rows
    ]


def put_provider(
    conn: sa.Connection, box: SecretBox, *, org_id: str, vendor: Vendor, api_key: str | None, base_url: str | None
) -> Provider:
    """Set a vendor up, replacing what was there whole: a kept key never goes to a new address.

    Raises:
        Invalid: the key or the address is missing or cannot be used.
        NotFound: there is no such organization.
    """
    if not lock_organization(conn, org_id):
        raise NotFound("Organization not found")
    key, url = _clean_key(api_key), _clean_url(base_url)
    if vendor is Vendor.COMPATIBLE and url is None:
        raise _invalid("base_url", "is needed: the address of the server, such as https://models.example.com/v1")
    if vendor is not Vendor.COMPATIBLE and key is None:
        raise _invalid("api_key", "is needed for this vendor")
    conn.execute(_of(model_providers.delete(), org_id, vendor))
    made = Provider(id=new_uuid(), vendor=vendor, base_url=url, has_api_key=key is not None, created_at=now_ms())
    conn.execute(
        model_providers.insert().values(
            id=made.id,
            org_id=org_id,
            vendor=vendor.value,
            api_key_sealed=box.seal(key) if key is not None else None,
            base_url=url,
            created_at=made.created_at,
        )
    )
    return made


def delete_provider(conn: sa.Connection, *, org_id: str, vendor: Vendor) -> None:
    """Take a vendor away, with its key.

    Raises:
        NotFound: the organization has not set it up.
    """
    if conn.execute(_of(model_providers.delete(), org_id, vendor)).rowcount == 0:
        raise NotFound("Model provider not found")


def open_provider(conn: sa.Connection, box: SecretBox, *, org_id: str, vendor: Vendor) -> ProviderAccess | None:
    """Address and key of a vendor for a request, None when the organization has not set it up.

    Raises:
        ValueError: the key was sealed with another installation's key.
    """
    statement = sa.select(model_providers.c.base_url, model_providers.c.api_key_sealed)
    row = conn.execute(_of(statement, org_id, vendor)).one_or_none()
    if row is None:
        return None
    key = box.open(row.api_key_sealed) if row.api_key_sealed is not None else None
    return ProviderAccess(vendor=vendor, base_url=row.base_url, api_key=key)


S = TypeVar("S", sa.Select[Any], sa.Delete)


def _of(statement: S, org_id: str, vendor: Vendor) -> S:
    return statement.where(model_providers.c.org_id == org_id, model_providers.c.vendor == vendor.value)


def _clean_key(text: str | None) -> str | None:
    key = (text or "").strip()
    if not key:
        return None
    if len(key) > MAX_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise _invalid("api_key", f"must be at most {MAX_KEY} visible ASCII characters without spaces")
    return key


def _clean_url(text: str | None) -> str | None:
    url = (text or "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or len(url) > MAX_URL or not url.isprintable() or " " in url:
        raise _invalid("base_url", "must be an address such as https://models.example.com/v1")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _invalid("base_url", "must hold no user name, password, query or fragment; the key has its own field")
    return url


def _invalid(field: str, problem: str) -> Invalid:
    return Invalid(f"{field}: {problem}", details={"field": field})

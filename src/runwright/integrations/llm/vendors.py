"""The vendors there are, as plain data: cheap to import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who answers the requests to a model.

    ``key_setting`` is what an operator sets to have it: the key, or with ``needs_address`` the address.
    """

    name: str
    title: str
    key_setting: str
    needs_address: bool = False


VENDORS = {
    vendor.name: vendor
    for vendor in (
        Vendor("openai", "OpenAI", "RUNWRIGHT_MODELS__OPENAI_API_KEY"),
        Vendor("anthropic", "Anthropic", "RUNWRIGHT_MODELS__ANTHROPIC_API_KEY"),
        Vendor("google", "Google", "RUNWRIGHT_MODELS__GOOGLE_API_KEY"),
        Vendor(
            "compatible", "the OpenAI-compatible server", "RUNWRIGHT_MODELS__COMPATIBLE_BASE_URL", needs_address=True
        ),
    )
}
"""Every vendor that needs to be set up, by the word before the colon in ``vendor:name``."""

DEMO = "demo"
"""The scripted provider that needs no setting up."""

DEMO_MODEL = f"{DEMO}:scripted"

LOCAL = "local"
"""The model on this machine; it needs no key, but its file."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a vendor. The key is in clear: not to be logged, stored or answered.

    ``trusted`` marks an address that the operator has set for the installation, which may be private.
    """

    api_key: str | None = None
    base_url: str | None = None
    trusted: bool = False

    def __repr__(self) -> str:
        return f"Access(base_url={self.base_url!r}, trusted={self.trusted})"


class ModelNotAvailable(Exception):
    """No model can be had under this name; the text says what to set."""

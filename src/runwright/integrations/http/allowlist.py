"""The hosts an operator has opened although they are private."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from runwright.integrations.http.addresses import Address, Network, literal


@dataclass(frozen=True, slots=True)
class _Entry:
    """One opened host: a name, or a network (a single address is the smallest). ``port`` None: every port."""

    name: str | None
    network: Network | None
    port: int | None


class AllowList:
    """Names, addresses and networks (``10.1.0.0/16``), each but the last with a port if one is given."""

    def __init__(self, hosts: Iterable[str] = ()) -> None:
        """Read the entries.

        Raises:
            ValueError: an entry is neither a name, an address nor a network.
        """
        self._entries = tuple(_parse(host) for host in hosts)

    def opens_name(self, host: str, port: int) -> bool:
        """Whether the host of a URL is opened by its name, whatever it resolves to."""
        name = _normal(host)
        return any(entry.name == name and entry.port in (None, port) for entry in self._entries)

    def opens_address(self, address: Address, port: int) -> bool:
        """Whether an address is opened, however a name led to it."""
        return any(
            entry.network is not None and address in entry.network and entry.port in (None, port)
            for entry in self._entries
        )


def _parse(entry: str) -> _Entry:
    host, port = _split_port(entry.strip().lower())
    if (address := literal(host)) is not None:
        return _Entry(name=None, network=ipaddress.ip_network(address), port=port)
    if "/" in host:
        try:
            return _Entry(name=None, network=ipaddress.ip_network(host), port=port)
        except ValueError:
            raise _wrong(entry) from None
    if not host or any(character in host for character in ":*@ "):
        raise _wrong(entry)
    return _Entry(name=_normal(host), network=None, port=port)


def _split_port(entry: str) -> tuple[str, int | None]:
    head, colon, tail = entry.rpartition(":")
    bare_v6 = ":" in head and not head.endswith("]")
    if not colon or bare_v6 or not tail.isascii() or not tail.isdigit():
        return entry, None
    return head, int(tail)


def _normal(host: str) -> str:
    return host.lower().rstrip(".")


def _wrong(entry: str) -> ValueError:
    return ValueError(
        f"{entry!r} is no host to allow: write a name (git.internal), an address (10.0.0.5), "
        "either with a port (git.internal:8443), or a network (10.1.0.0/16)"
    )

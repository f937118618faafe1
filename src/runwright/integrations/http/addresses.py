"""Which network addresses are public. Pure functions over addresses: no look-up, no connection."""

from __future__ import annotations

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# The IANA special-purpose registry (RFC 6890 and its updates), as far as it is not globally reachable.
_CLOSED_V4 = tuple(
    (ipaddress.IPv4Network(network), label)
    for network, label in (
        ("0.0.0.0/8", "the unspecified address"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "a carrier-grade NAT address"),
        ("127.0.0.0/8", "a loopback address"),
        ("169.254.0.0/16", "a link-local address, where cloud metadata is served"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "a documentation address"),
        ("192.88.99.0/24", "a 6to4 relay address"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "a benchmarking address"),
        ("198.51.100.0/24", "a documentation address"),
        ("203.0.113.0/24", "a documentation address"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
        # Public by its number, but inside Azure it answers with the machine's own secrets.
        ("168.63.129.16/32", "a cloud metadata address"),
    )
)

# Global unicast is 2000::/3 alone; these are its parts that lead elsewhere.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    (ipaddress.IPv6Network(network), label)
    for network, label in (
        ("::/128", "the unspecified address"),
        ("::1/128", "a loopback address"),
        ("fe80::/10", "a link-local address"),
        ("fc00::/7", "a private address"),
        ("ff00::/8", "a multicast address"),
        ("2001::/32", "a Teredo address"),
        ("2001::/23", "a reserved address"),
        ("2001:db8::/32", "a documentation address"),
        ("2002::/16", "a 6to4 address"),
        ("3fff::/20", "a documentation address"),
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP_MARKS = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")


def refusal(address: Address) -> str | None:
    """Why an address is not public, as the end of a sentence, or None when it is."""
    if isinstance(address, ipaddress.IPv4Address):
        return next((label for network, label in _CLOSED_V4 if address in network), None)
    if (inner := embedded(address)) is not None:
        label = refusal(inner)
        return f"{label} ({inner}) inside an IPv6 one" if label else None
    for network, label in _CLOSED_V6:
        if address in network:
            return label
    return None if address in _GLOBAL_V6 else "a reserved address"


def embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: IPv4-mapped, NAT64 and ISATAP forms."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    packed = address.packed
    if address in _NAT64 or packed[8:12] in _ISATAP_MARKS:
        return ipaddress.IPv4Address(packed[12:])
    return None


def literal(host: str) -> Address | None:
    """The address a host is written as, in any form a resolver takes, or None when it is a name.

    Resolvers read ``127.1``, ``2130706433``, ``0x7f.0.0.1`` and ``0177.0.0.1`` as 127.0.0.1; so does this.
    """
    try:
        return without_zone(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None


def without_zone(address: Address) -> Address:
    """The address without an IPv6 zone (``%eth0``), which has no part in what it is."""
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id is not None:
        return ipaddress.IPv6Address(int(address))
    return address

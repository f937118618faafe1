"""Decides, once per connection, which addresses a host may be reached at."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

from runwright.integrations.http.addresses import Address, literal, refusal, without_zone
from runwright.integrations.http.allowlist import AllowList
from runwright.integrations.http.errors import Refused, Unreachable

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Looks a name up: host and port to addresses as text, the preferred first. Raises ``OSError``."""


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the operating system."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class Guard:
    """Resolves a host and refuses it when any of its addresses is not public and not opened.

    Callers connect to the addresses returned and never look the name up again: a name that answers
    differently the second time (DNS rebinding) gains nothing.
    """

    def __init__(self, allow: AllowList, *, resolver: Resolver = system_resolver) -> None:
        """Take what the operator opened, and how names are looked up."""
        self._allow = allow
        self._resolver = resolver

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses at which the host may be reached.

        Raises:
            Refused: one of them is closed.
            Unreachable: the name is unknown.
        """
        found = await self._look_up(host, port)
        if not self._allow.opens_name(host, port):
            for address in found:
                self._check(address, host=host, port=port)
        return [str(address) for address in found]

    def _check(self, address: Address, *, host: str, port: int) -> None:
        reason = refusal(address)
        if reason is None or self._allow.opens_address(address, port):
            return
        what = f"{host} is {reason}" if literal(host) is not None else f"{host} leads to {address}, {reason}"
        raise Refused(
            f"The request was not sent: {what}. An operator can open it by adding {host} to RUNWRIGHT_HTTP__ALLOW_HOSTS"
        )

    async def _look_up(self, host: str, port: int) -> list[Address]:
        if (address := literal(host)) is not None:
            return [address]
        try:
            answers = await self._resolver(host, port)
        except (OSError, UnicodeError):
            answers = ()
        found = [without_zone(ipaddress.ip_address(answer)) for answer in answers]
        if not found:
            raise Unreachable(f"The host {host} was not found; check the name")
        return found

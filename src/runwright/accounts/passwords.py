"""Passwords: hashed with Argon2id in a thread, few at a time, since each costs memory and a moment of a core."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING

from runwright.accounts.validation import normal_password

if TYPE_CHECKING:
    from pwdlib import PasswordHash

# OWASP's choice of parameters for Argon2id.
MEMORY_KIB = 19 * 1024
ROUNDS = 2
LANES = 1
AT_A_TIME = 2


class Passwords:
    """Makes and checks password hashes without holding the event loop."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_A_TIME)

    async def hash(self, password: str) -> str:
        """The hash to keep of a password that :func:`~runwright.accounts.validation.clean_password` let through."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password: str, kept: str | None) -> bool:
        """Whether a password fits the kept hash. Without a hash the answer is no, and takes as long."""
        typed = normal_password(password)
        async with self._turn:
            fits = await asyncio.to_thread(self._verify, typed or "", kept)
        return fits and typed is not None and kept is not None

    @cached_property
    def _hasher(self) -> PasswordHash:
        from pwdlib import PasswordHash
        from pwdlib.hashers.argon2 import Argon2Hasher

        return PasswordHash([Argon2Hasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES)])

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("the password of nobody")

    def _verify(self, typed: str, kept: str | None) -> bool:
        return self._hasher.verify(typed, kept if kept is not None else self._nobodys)

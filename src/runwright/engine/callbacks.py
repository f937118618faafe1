"""The callback addresses of an execution's ``wait`` blocks, and what was sent to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from runwright.blocks.base import Services
from runwright.db.database import Database
from runwright.executions import callbacks


@dataclass(frozen=True, slots=True)
class BlockCallback:
    """The :class:`~runwright.blocks.base.CallbackBox` of one block."""

    database: Database
    execution_id: str
    key: str

    async def received(self) -> str | None:
        """See :class:`~runwright.blocks.base.CallbackBox`."""
        return await self.database.read(partial(callbacks.received, execution_id=self.execution_id, key=self.key))


@dataclass(frozen=True, slots=True)
class CallbackAddresses(Mapping[str, str]):
    """Addresses by the keys of blocks, each made when it is looked up."""

    services: Services
    execution_id: str

    def __getitem__(self, key: str) -> str:
        return self.services.callback_address(self.execution_id, key)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

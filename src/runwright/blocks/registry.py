"""Finds the block types: every module of this folder that defines a subclass of :class:`Block`."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

from runwright import blocks
from runwright.blocks.base import Block

AnyBlock = Block[Any]
_NO_TYPES = frozenset({"base", "registry"})


@cache
def block_types() -> Mapping[str, AnyBlock]:
    """All block types by the word in the YAML file, sorted by it.

    Raises:
        RuntimeError: two modules define the same type.
    """
    found: dict[str, AnyBlock] = {}
    for block in _discover():
        if block.type in found:
            raise RuntimeError(f"two block types are called {block.type!r}")
        found[block.type] = block
    return MappingProxyType(dict(sorted(found.items())))


def get(name: str) -> AnyBlock | None:
    """The block type of this name, if there is one."""
    return block_types().get(name)


def _discover() -> Iterator[AnyBlock]:
    for module_info in pkgutil.iter_modules(blocks.__path__):
        if module_info.name in _NO_TYPES:
            continue
        module = import_module(f"{blocks.__name__}.{module_info.name}")
        for _, member in inspect.getmembers(module, inspect.isclass):
            if member.__module__ == module.__name__ and issubclass(member, Block):
                yield member()

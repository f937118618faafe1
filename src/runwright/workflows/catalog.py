"""The block types as an editor needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from runwright.blocks import registry
from runwright.blocks.base import BlockConfig, Marker
from runwright.kit.json import Json


@dataclass(frozen=True, slots=True)
class BlockType:
    """A block type: ``texts`` tells which of its fields hold templates or conditions."""

    type: str
    title: str
    description: str
    icon: str
    has_branches: bool
    json_schema: Mapping[str, Json]
    texts: Mapping[str, Marker]


@cache
def block_types() -> tuple[BlockType, ...]:
    """Every block type, sorted by its word in the file."""
    return tuple(
        BlockType(
            type=kind.type,
            title=kind.title,
            description=kind.description,
            icon=kind.icon,
            has_branches=kind.config_model.branch_names is not BlockConfig.branch_names,
            json_schema=kind.config_model.model_json_schema(),
            texts=_texts(kind.config_model),
        )
        for kind in registry.block_types().values()
    )


def _texts(model: type[BlockConfig]) -> dict[str, Marker]:
    return {
        field.alias or name: marker
        for name, field in model.model_fields.items()
        for marker in field.metadata
        if isinstance(marker, Marker)
    }

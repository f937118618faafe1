from __future__ import annotations

from pydantic import BaseModel

from runwright.blocks.base import BlockConfig
from runwright.blocks.registry import block_types, get


def test_every_module_of_the_folder_is_found() -> None:
    assert list(block_types()) == ["agent", "condition", "http", "output", "review", "template", "wait"]


def test_an_unknown_type_is_none() -> None:
    assert get("teleport") is None


def test_every_type_says_what_an_editor_shows() -> None:
    for name, block in block_types().items():
        assert block.type == name
        assert block.title
        assert block.description.endswith(".")
        assert block.icon
        assert issubclass(block.config_model, BlockConfig)


def test_every_configuration_refuses_unknown_fields() -> None:
    for block in block_types().values():
        assert issubclass(block.config_model, BaseModel)
        assert block.config_model.model_config["extra"] == "forbid"
        assert block.config_model.model_config["frozen"] is True

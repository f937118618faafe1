from __future__ import annotations

import ast
from pathlib import Path

from pydantic import BaseModel

from runwright import blocks
from runwright.blocks.base import BlockConfig
from runwright.blocks.registry import block_types, get


def test_every_module_of_the_folder_is_found() -> None:
    assert list(block_types()) == [
        *("agent", "code", "condition", "http", "map", "output", "review", "template", "wait", "workflow")
    ]


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


def test_block_types_do_not_know_each_other() -> None:
    for path in Path(blocks.__path__[0]).glob("*.py"):
        if path.stem in ("__init__", "registry"):
            continue
        imported = {
            node.module
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(blocks.__name__)
        }
        assert imported <= {"runwright.blocks.base"}, f"{path.name} imports {imported}"

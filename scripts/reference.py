"""Writes ``docs/reference/`` from the code: every setting, command and block type with its own words."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from runwright import cli
from runwright.config import Settings
from runwright.workflows.catalog import BlockType, block_types
from runwright.workflows.filters import FILTERS, TESTS

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
_NOTE = "<!-- Written by `make docs` from the code: change it there. -->\n"
_WIDTH = "100"


def documents() -> dict[str, str]:
    """The reference documents by file name."""
    return {"settings.md": settings(), "cli.md": command_line(), "blocks.md": blocks()}


def settings() -> str:
    """A table of every setting, with the variable that sets it."""
    lines = [
        _NOTE,
        "# Settings\n",
        "Each is an environment variable, or an entry of the TOML file that `RUNWRIGHT_CONFIG` names; the variable",
        "wins. In the file `RUNWRIGHT_HTTP__TIMEOUT` is `timeout` under `[http]`.",
    ]
    for title, rows in _groups(Settings, "RUNWRIGHT_", title="General"):
        lines += [f"\n## {title}\n", "| variable | default | meaning |", "|---|---|---|", *rows]
    lines += [
        "\n## Clients\n",
        "| variable | default | meaning |",
        "|---|---|---|",
        "| `RUNWRIGHT_URL` | `http://127.0.0.1:8700` | The server that `trigger`, `status` and `reviews` talk to. |",
        "| `RUNWRIGHT_API_KEY` | | The key they send. |",
    ]
    return "\n".join(lines) + "\n"


def _groups(model: type[BaseModel], prefix: str, *, title: str) -> Iterator[tuple[str, list[str]]]:
    nested: list[tuple[str, type[BaseModel]]] = []
    rows: list[str] = []
    for name, field in model.model_fields.items():
        variable = prefix + name.upper()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            nested.append((variable + "__", field.annotation))
        else:
            rows.append(f"| `{variable}` | {_default(field)} | {_cell(field.description)} |")
    yield title, rows
    for inner_prefix, inner in nested:
        yield from _groups(inner, inner_prefix, title=_title(inner))


def _title(model: type[BaseModel]) -> str:
    """The first sentence of a group's description."""
    return (model.__doc__ or "").splitlines()[0].partition(". ")[0].rstrip(".").replace("``", "`")


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value == frozenset() or isinstance(value, SecretStr):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def command_line() -> str:
    """The help of every command, as it prints it."""
    lines = [_NOTE, "# Command line\n", "```text", _help([]), "```"]
    for name in cli.COMMANDS:
        for path in _paths(name):
            lines += [f"\n## runwright {' '.join(path)}\n", "```text", _help(path), "```"]
    return "\n".join(lines) + "\n"


def _paths(name: str) -> Iterator[list[str]]:
    root = get_command(cli.build(name))
    assert isinstance(root, TyperGroup)
    yield from _below([name], root.commands[name])


def _below(path: list[str], command: Any) -> Iterator[list[str]]:
    yield path
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from _below([*path, name], inner)


def _help(path: list[str]) -> str:
    app = cli.build(path[0] if path else None)
    result = CliRunner().invoke(app, [*path, "--help"], prog_name="runwright", terminal_width=int(_WIDTH))
    if result.exit_code != 0:
        raise RuntimeError(f"runwright {' '.join(path)} --help failed: {result.output}") from result.exception
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def blocks() -> str:
    """Every block type with its fields."""
    lines = [
        _NOTE,
        "# Block types\n",
        "Beside its own fields every block takes `name`, `description`, `needs`, `if`, `timeout` (seconds),",
        "`retry: {attempts, backoff}`, `on_error: fail | continue`, `review: true` or a policy, and `artifact`.",
        "A `{{ name }}` is looked up in the fields marked *template*; those marked *condition* are boolean",
        "expressions.",
    ]
    for kind in block_types():
        lines += [f"\n## {kind.type}\n", kind.description + "\n", *_fields(kind)]
    lines += ["\n## Filters\n", f"After `|` in `{{{{ }}}}` and conditions: {_names(FILTERS)}."]
    lines += ["\n## Tests\n", f"After `is` in conditions: {_names(TESTS)}."]
    return "\n".join(lines) + "\n"


def _names(known: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(known))


def _fields(kind: BlockType) -> list[str]:
    schema = kind.json_schema
    rows = _table(schema, schema, markers={name: f", *{text.value}*" for name, text in kind.texts.items()})
    for path, inner in _nested(schema, schema):
        rows += [f"\n### `{path}`\n", *_table(inner, schema, markers={})]
    return rows


def _table(fields: Mapping[str, Any], schema: Mapping[str, Any], *, markers: dict[str, str]) -> list[str]:
    rows = ["| field | type | default | meaning |", "|---|---|---|---|"]
    for name, field in fields.get("properties", {}).items():
        default = "required" if name in fields.get("required", []) else _json_default(field.get("default"))
        words = f"{_type(field, schema)}{markers.get(name, '')}"
        rows.append(f"| `{name}` | {words} | {default} | {_cell(field.get('description'))} |")
    return rows


def _nested(
    fields: Mapping[str, Any], schema: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The mappings inside of a mapping, each with where it stands."""
    for name, field in fields.get("properties", {}).items():
        for one in (field, field.get("items", {}), *field.get("anyOf", [])):
            inner: Mapping[str, Any] = _defined(one["$ref"], schema) if "$ref" in one else {}
            if "properties" in inner:
                yield f"{path}{name}", inner
                yield from _nested(inner, schema, f"{path}{name}.")


def _defined(reference: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema["$defs"][reference.rsplit("/", 1)[-1]]
    return found


def _json_default(value: Any) -> str:
    return "" if value in (None, "", {}, []) or isinstance(value, dict) else f"`{value}`"


_WORDS = {"object": "mapping", "string": "text", "array": "list", "boolean": "true or false"}


def _type(field: dict[str, Any], schema: Any) -> str:
    """A JSON schema's type in words."""
    if "$ref" in field:
        inner = _defined(field["$ref"], schema)
        if "properties" not in inner:
            return _type(inner, schema)
        return "mapping of " + ", ".join(f"`{name}`" for name in inner["properties"])
    if "anyOf" in field:
        words = [_type(one, schema) for one in field["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(words))
    if "const" in field or "enum" in field:
        return " or ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    if "$ref" in field.get("items", {}):
        return f"list, each a {_type(field['items'], schema)}"
    kind = str(field.get("type", "anything"))
    return _WORDS.get(kind, kind)


def _cell(text: str | None) -> str:
    if not text:
        raise ValueError("a setting or field has no description")
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Write the documents."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (FOLDER / name).write_text(text)
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    for variable in [name for name in os.environ if name.startswith("RUNWRIGHT_")]:
        del os.environ[variable]
    main()

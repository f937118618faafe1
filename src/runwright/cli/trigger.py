"""``runwright trigger``: start a workflow through a server's API."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from runwright.cli import common, following
from runwright.cli.client import Client, ClientError, NotConfigured, Unreachable


def command(
    workflow_id: Annotated[str, typer.Argument(metavar="ID", help="The workflow's id.")],
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", metavar="NAME=VALUE", help="A context variable; repeatable.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", "-f", help="JSON object of context variables; - reads standard input.", allow_dash=True),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the execution and print its final status.")] = False,
    timeout: Annotated[
        float | None, typer.Option(min=0, help="Seconds to wait at most; without it, as long as it takes.")
    ] = None,
    idempotency_key: Annotated[
        str | None, typer.Option(help="Makes triggering again with the same key answer the same execution.")
    ] = None,
) -> None:
    """Start a workflow through a server's API.

    Prints the execution's id, alone on its line; with --wait its final status as JSON, and progress on standard
    error. The server is RUNWRIGHT_URL (default http://127.0.0.1:8700), the key RUNWRIGHT_API_KEY.

    Exit code: 0 completed or skipped, 1 failed, cancelled or refused, 2 wrong use, 3 not finished (waiting for a
    review, say) within --timeout.

    Example: runwright trigger 0190a4c2-… -i release_tag=v1 --wait --timeout 600
    """
    payload = _payload(inputs or [], file)
    try:
        client = Client.from_environment()
        execution_id = client.trigger(workflow_id, payload, idempotency_key=idempotency_key or str(uuid4()))
        if not wait:
            print(execution_id)
            return
        common.note(f"Execution {execution_id}")
        following.finish(client, execution_id, timeout=timeout)
    except NotConfigured as error:
        common.fail(str(error), code=common.USAGE)
    except (ClientError, Unreachable) as error:
        common.fail(str(error))


def _payload(inputs: list[str], file: Path | None) -> dict[str, Any]:
    """The file's object with the single inputs laid over it."""
    payload = _read_object(file) if file is not None else {}
    for text in inputs:
        name, equals, value = text.partition("=")
        if not equals or not name:
            common.fail(f"-i takes NAME=VALUE, got {text!r}.", code=common.USAGE)
        payload[name] = value
    return payload


def _read_object(file: Path) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        value = json.loads(text)
    except OSError as error:
        common.fail(f"{file} cannot be read: {error.strerror}.", code=common.USAGE)
    except ValueError as error:
        common.fail(f"{file} is not JSON in UTF-8: {error}.", code=common.USAGE)
    if not isinstance(value, dict):
        common.fail(f"{file} must hold a JSON object of context variables.", code=common.USAGE)
    return value

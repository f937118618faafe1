"""``runwright reviews``: what waits for a person, and the decision, through a server's API.

It talks to the server, with a key, because a decision is kept with the name of who took it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer

from runwright.cli import common
from runwright.cli.client import Client, ClientError, NotConfigured, Unreachable

app = typer.Typer(
    epilog="The server is RUNWRIGHT_URL (default http://127.0.0.1:8700), the key RUNWRIGHT_API_KEY.\n\n"
    "Example: runwright reviews approve 0190a4c2-…"
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The review's id.")]
Comment = Annotated[str | None, typer.Option("--comment", "-c", help="Said with the decision.")]


@app.command("list")
def list_reviews(
    everything: Annotated[bool, typer.Option("--all", help="Decided ones too.")] = False,
    execution: Annotated[str | None, typer.Option(help="Of this execution only.")] = None,
    as_json: common.JsonOption = False,
) -> None:
    """List the reviews that wait for a decision.

    Example: runwright reviews list
    """
    query: dict[str, str] = {"open": "false" if everything else "true", "limit": "200"}
    if execution:
        query["execution"] = execution
    with _server() as client:
        found = client.manage("GET", f"/reviews?{urlencode(query)}")["items"]
    columns = ("id", "workflowName", "blockKey", "round", "createdAt", "deadlineAt", "decision", "decidedByName")
    rows = found if as_json else [{name: review[name] for name in columns} for review in found]
    common.print_rows(rows, as_json=as_json)


@app.command("show")
def show_review(review_id: Id) -> None:
    """Print a review with the output to judge, as JSON.

    Example: runwright reviews show 0190a4c2-…
    """
    with _server() as client:
        _print(client.manage("GET", f"/reviews/{quote(review_id, safe='')}"))


@app.command()
def approve(
    review_id: Id,
    edit: Annotated[
        Path | None, typer.Option("--output", help="File with the edited output; - reads standard input.")
    ] = None,
    comment: Comment = None,
    cheaper_model: Annotated[
        bool, typer.Option("--cheaper-model", help="Of a review about costs: go on with the workflow's cheaper model.")
    ] = False,
) -> None:
    """Approve, with the output as it is or as you edited it.

    Example: runwright reviews approve 0190a4c2-… --output notes.md
    """
    decision = "cheaper_model" if cheaper_model else "approve"
    _decide(review_id, decision, comment=comment, edited=None if edit is None else _text_of(edit))


@app.command("send-back")
def send_back(
    review_id: Id,
    comment: Annotated[str, typer.Option("--comment", "-c", help="What should change: the block runs again with it.")],
) -> None:
    """Send back with a comment: the block runs again and sees it.

    Example: runwright reviews send-back 0190a4c2-… -c "shorter, please"
    """
    _decide(review_id, "send_back", comment=comment)


@app.command()
def reject(review_id: Id, comment: Comment = None) -> None:
    """Reject: the execution fails with your comment as the reason.

    Example: runwright reviews reject 0190a4c2-… -c "wrong release"
    """
    _decide(review_id, "reject", comment=comment)


def _decide(review_id: str, decision: str, *, comment: str | None, edited: str | None = None) -> None:
    verdict = {"decision": decision, "comment": comment, "editedOutput": edited}
    with _server() as client:
        path = f"/reviews/{quote(review_id, safe='')}/decision"
        _print(client.manage("POST", path, {key: value for key, value in verdict.items() if value is not None}))


def _text_of(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        common.fail(f"{path} cannot be read as UTF-8 text: {error}", code=common.USAGE)


@contextmanager
def _server() -> Iterator[Client]:
    try:
        yield Client.from_environment()
    except NotConfigured as error:
        common.fail(str(error), code=common.USAGE)
    except (ClientError, Unreachable) as error:
        common.fail(str(error))


def _print(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))

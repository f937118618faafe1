"""``runwright status``: show an execution, or follow it to its end."""

from __future__ import annotations

from typing import Annotated

import typer

from runwright.cli import common, following
from runwright.cli.client import Client, ClientError, NotConfigured, Unreachable


def command(
    execution_id: Annotated[str, typer.Argument(metavar="ID", help="The execution's id.")],
    wait: Annotated[bool, typer.Option("--wait", help="Follow it to its end, progress on standard error.")] = False,
    timeout: Annotated[
        float | None, typer.Option(min=0, help="Seconds to wait at most; without it, as long as it takes.")
    ] = None,
) -> None:
    """Print the status of an execution as JSON.

    The server is RUNWRIGHT_URL (default http://127.0.0.1:8700), the key RUNWRIGHT_API_KEY. Exit code without
    --wait: 0 whatever the status is; with it as for `runwright trigger --wait`.

    Example: runwright status 0190a4c2-… --wait
    """
    try:
        client = Client.from_environment()
        if wait:
            following.finish(client, execution_id, timeout=timeout)
        answer = client.status(execution_id)
    except NotConfigured as error:
        common.fail(str(error), code=common.USAGE)
    except (ClientError, Unreachable) as error:
        common.fail(str(error))
    following.show(answer.body or {})

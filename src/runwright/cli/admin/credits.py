"""``runwright admin credits``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common
from runwright.kit.money import Micros, parse_usd

if TYPE_CHECKING:
    import sqlalchemy as sa

    from runwright.accounts.credits import Credit

app = typer.Typer()
NO_LIMIT = ("none", "unlimited")


@app.command("show")
def show(
    org: common.OrgOption = None, as_json: common.JsonOption = False, data_dir: common.DataDirOption = None
) -> None:
    """Show an organization's credit limit and what it has used, in US dollars.

    Example: runwright admin credits show --org Acme
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import credits
        from runwright.cli import references

        _print(
            opened.database.write_sync(lambda conn: credits.credit_of(conn, references.org_id(conn, org))),
            as_json=as_json,
        )


@app.command("set")
def set_limit(
    limit: Annotated[str, typer.Argument(help='The limit in US dollars, such as 12.50, or "none".')],
    org: common.OrgOption = None,
    as_json: common.JsonOption = False,
    data_dir: common.DataDirOption = None,
) -> None:
    """Set the credit limit. Once it is reached, triggers answer `Usage limit reached`.

    Example: runwright admin credits set 25 --org Acme
    """
    amount = None if limit.lower() in NO_LIMIT else _amount(limit)
    with common.installation(data_dir) as opened:
        from runwright.accounts import credits
        from runwright.cli import references

        def work(conn: sa.Connection) -> Credit:
            return credits.set_limit(conn, references.org_id(conn, org), limit=amount)

        _print(opened.database.write_sync(work), as_json=as_json)


@app.command("add")
def add(
    amount: Annotated[str, typer.Argument(help="By how many US dollars the limit is raised, such as 10.")],
    org: common.OrgOption = None,
    as_json: common.JsonOption = False,
    data_dir: common.DataDirOption = None,
) -> None:
    """Add credits: raise the limit.

    Example: runwright admin credits add 10 --org Acme
    """
    more = _amount(amount)
    with common.installation(data_dir) as opened:
        from runwright.accounts import credits
        from runwright.cli import references

        def work(conn: sa.Connection) -> Credit:
            return credits.add_credits(conn, references.org_id(conn, org), amount=more)

        _print(opened.database.write_sync(work), as_json=as_json)


def _amount(text: str) -> Micros:
    try:
        return parse_usd(text)
    except ValueError as error:
        common.fail(str(error), code=common.USAGE)


def _print(credit: Credit, *, as_json: bool) -> None:
    from runwright.accounts.schemas import CreditOut

    shown = CreditOut.of(credit)
    if as_json:
        print(json.dumps(shown.model_dump(mode="json", by_alias=True), indent=2))
        return
    print(f"limit      {'unlimited' if shown.limit is None else shown.limit + ' USD'}")
    print(f"used       {shown.used} USD")
    print(f"remaining  {'unlimited' if shown.remaining is None else shown.remaining + ' USD'}")
    if shown.reached:
        common.note("The limit is reached: triggers are refused. Raise it with: runwright admin credits add AMOUNT")

"""``runwright keys``: make, list and delete API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common

if TYPE_CHECKING:
    import sqlalchemy as sa

    from runwright.accounts.keys import NewKey
    from runwright.accounts.schemas import ApiKeyOut

app = typer.Typer()


@app.command("create")
def create(
    name: Annotated[str, typer.Option("--name", help="What the key is for.")],
    org: common.OrgOption = None,
    user: common.UserOption = None,
    no_org: Annotated[
        bool, typer.Option("--no-org", help="Make a key without organization, which every call refuses with 403.")
    ] = False,
    data_dir: common.DataDirOption = None,
) -> None:
    """Make a key and print its secret, alone on standard output. It is shown this once.

    Example: runwright keys create --name ci
    """
    if no_org and org is not None:
        common.fail("--org and --no-org exclude each other", code=common.USAGE)
    with common.installation(data_dir) as opened:
        from runwright.accounts import keys
        from runwright.cli import references

        def work(conn: sa.Connection) -> tuple[NewKey, bool]:
            organization = None if no_org else references.org_id(conn, org)
            holder = references.user_id(conn, user, in_org=organization)
            made = keys.create_key(conn, org_id=organization, user_id=holder, name=name)
            return made, organization is None or keys.is_member(conn, organization, holder)

        made, accepted = opened.database.write_sync(work)
        common.note(f"Key {made.key.id} ({made.key.name}). Its secret is shown this once:")
        print(made.secret)
        if not accepted:
            common.note("Its user is no member of the organization: calls are refused until they are made one.")


@app.command("list")
def list_(
    org: common.OrgOption = None,
    no_org: Annotated[bool, typer.Option("--no-org", help="List the keys without organization.")] = False,
    as_json: common.JsonOption = False,
    data_dir: common.DataDirOption = None,
) -> None:
    """List an organization's keys, newest first. Secrets are not kept, only their first characters.

    Example: runwright keys list --json
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import repository
        from runwright.accounts.schemas import ApiKeyOut
        from runwright.cli import references

        def work(conn: sa.Connection) -> list[ApiKeyOut]:
            organization = None if no_org else references.org_id(conn, org)
            found = common.every(lambda span: repository.list_api_keys(conn, org_id=organization, span=span))
            return [ApiKeyOut.of(key) for key in found]

        common.print_models(opened.database.write_sync(work), as_json=as_json)


@app.command("delete")
def delete(
    key: Annotated[str, typer.Argument(help="The key, by its id (ak_…) or its name.")],
    org: common.OrgOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Delete a key: from the next request on it is unknown.

    Example: runwright keys delete ak_0123456789ab
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import keys
        from runwright.cli import references

        def work(conn: sa.Connection) -> str:
            found = references.key_id(conn, key, org=org)
            keys.delete_any_key(conn, found)
            return found

        common.note(f"Deleted {opened.database.write_sync(work)}.")

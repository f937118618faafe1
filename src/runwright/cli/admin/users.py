"""``runwright admin users``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common

if TYPE_CHECKING:
    import sqlalchemy as sa

    from runwright.accounts.schemas import UserOut

app = typer.Typer()
User = Annotated[str, typer.Argument(help="The user, by id, e-mail or name.")]


@app.command("list")
def list_(as_json: common.JsonOption = False, data_dir: common.DataDirOption = None) -> None:
    """List the users of the installation, newest first.

    Example: runwright admin users list --json
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import repository
        from runwright.accounts.schemas import UserOut
        from runwright.cli import references

        def work(conn: sa.Connection) -> list[UserOut]:
            references.first_start(conn)
            return [UserOut.of(user) for user in common.every(lambda span: repository.list_users(conn, span=span))]

        common.print_models(opened.database.write_sync(work), as_json=as_json)


@app.command("create")
def create(
    email: Annotated[str, typer.Argument(help="The e-mail address to sign in with.")],
    name: Annotated[str | None, typer.Option("--name", help="The person's name. Default: the address.")] = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Make a user, who is in no organization yet, and print the id, alone on standard output.

    Example: runwright admin users create ann@example.com --name "Ann Lee"
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import service

        made = opened.database.write_sync(
            lambda conn: service.create_user(conn, email=email, name=email if name is None else name)
        )
        common.note(f"User {made.name}. Next: runwright admin members add {made.email}")
        print(made.id)


@app.command("change")
def change(
    user: User,
    name: Annotated[str | None, typer.Option("--name", help="The new name.")] = None,
    email: Annotated[str | None, typer.Option("--email", help="The new e-mail address.")] = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Change a user's name or e-mail address.

    Example: runwright admin users change ann@example.com --email ann.lee@example.com
    """
    if name is None and email is None:
        common.fail("Say what to change: --name, --email or both", code=common.USAGE)
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.cli import references

        changed = opened.database.write_sync(
            lambda conn: service.update_user(conn, references.user_id(conn, user), name=name, email=email)
        )
        common.note(f"{changed.id} is now {changed.name} <{changed.email}>.")


@app.command("rename")
def rename(
    user: User,
    name: Annotated[str, typer.Argument(help="The new name.")],
    data_dir: common.DataDirOption = None,
) -> None:
    """Give a user another name.

    Example: runwright admin users rename ann@example.com "Ann Lee"
    """
    change(user, name=name, email=None, data_dir=data_dir)


@app.command("delete")
def delete(user: User, yes: common.YesOption = False, data_dir: common.DataDirOption = None) -> None:
    """Delete a user with their memberships, keys and sessions.

    Example: runwright admin users delete ann@example.com --yes
    """
    common.confirm(f"Delete the user {user} with their keys?", yes=yes)
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.cli import references

        opened.database.write_sync(lambda conn: service.delete_user(conn, references.user_id(conn, user)))
        common.note(f"Deleted {user}.")


@app.command("link")
def link(
    user: Annotated[str | None, typer.Argument(help="By id, e-mail or name. Default: the first start's owner.")] = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Print a new one-time sign-in link, alone on standard output: for a new account, or a lost password.

    It lets its bearer set the user's password, works once, and for a day.

    Example: runwright admin users link ann@example.com
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import service, sessions
        from runwright.cli import references
        from runwright.kit.clock import now_ms

        def work(conn: sa.Connection) -> tuple[str, str]:
            person = service.get_user(conn, references.user_id(conn, user))
            return person.email, sessions.make_link(conn, person.id, now=now_ms())

        email, token = opened.database.write_sync(work)
        common.note(f"One-time link for {email}, good for a day:")
        print(sessions.link_url(opened.settings, token))

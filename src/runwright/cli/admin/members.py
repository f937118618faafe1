"""``runwright admin members``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from runwright.cli import common

if TYPE_CHECKING:
    import sqlalchemy as sa

    from runwright.accounts.repository import Member
    from runwright.accounts.schemas import MemberOut


class RoleName(StrEnum):
    """The roles, repeated here because the tables they live with are slow to load."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


app = typer.Typer()
User = Annotated[str, typer.Argument(help="The user, by id, e-mail or name.")]


@app.command("list")
def list_(
    org: common.OrgOption = None, as_json: common.JsonOption = False, data_dir: common.DataDirOption = None
) -> None:
    """List an organization's members.

    Example: runwright admin members list --org Acme
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import repository
        from runwright.accounts.schemas import MemberOut
        from runwright.cli import references

        def work(conn: sa.Connection) -> list[MemberOut]:
            org_id = references.org_id(conn, org)
            found = common.every(lambda span: repository.list_members(conn, org_id, span=span))
            return [MemberOut.of(member) for member in found]

        common.print_models(opened.database.write_sync(work), as_json=as_json)


@app.command("add")
def add(
    user: User,
    role: Annotated[RoleName, typer.Option("--role", help="What they may do.")] = RoleName.MEMBER,
    org: common.OrgOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Make a user a member of an organization.

    Example: runwright admin members add ann@example.com --role admin --org Acme
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.accounts.models import Role
        from runwright.cli import references

        def work(conn: sa.Connection) -> Member:
            person = references.user_id(conn, user)
            org_id = references.org_id(conn, org)
            return service.add_member(conn, by=Role.OWNER, org_id=org_id, user_id=person, role=Role(role.value))

        made = opened.database.write_sync(work)
        common.note(f"{made.name} <{made.email}> is now {made.role.value} of the organization.")


@app.command("role")
def change_role(
    user: User,
    role: Annotated[RoleName, typer.Argument(help="The new role.")],
    org: common.OrgOption = None,
    data_dir: common.DataDirOption = None,
) -> None:
    """Give a member another role.

    Example: runwright admin members role ann@example.com owner --org Acme
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.accounts.models import Role
        from runwright.cli import references

        def work(conn: sa.Connection) -> Member:
            person = references.user_id(conn, user)
            org_id = references.org_id(conn, org)
            return service.change_role(conn, by=Role.OWNER, org_id=org_id, user_id=person, role=Role(role.value))

        changed = opened.database.write_sync(work)
        common.note(f"{changed.name} <{changed.email}> is now {changed.role.value} of the organization.")


def remove(user: User, org: common.OrgOption = None, data_dir: common.DataDirOption = None) -> None:
    """Take a user out of an organization. Their keys stay, and are refused from now on.

    Example: runwright admin members remove ann@example.com --org Acme
    """
    with common.installation(data_dir) as opened:
        from runwright.accounts import service
        from runwright.accounts.models import Role
        from runwright.cli import references

        def work(conn: sa.Connection) -> None:
            person = references.user_id(conn, user)
            service.remove_member(conn, by=Role.OWNER, org_id=references.org_id(conn, org), user_id=person)

        opened.database.write_sync(work)
        common.note(f"{user} is no member of the organization any more.")


app.command("remove")(remove)
app.command("delete", hidden=True)(remove)

"""What may be done with organizations, users, members and projects, and what happens then.

``by`` is the role of whoever acts in the organization; the command line and the installation's administrators act
as owners.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from runwright.accounts import repository
from runwright.accounts.bootstrap import DEFAULT_NAME, find_default
from runwright.accounts.models import Role
from runwright.accounts.repository import Member, Organization, Project, User
from runwright.accounts.validation import clean_email, clean_name
from runwright.errors import Conflict, Forbidden, Invalid, NotFound
from runwright.kit.clock import now_ms
from runwright.kit.ids import new_uuid

_RANK = {Role.MEMBER: 0, Role.ADMIN: 1, Role.OWNER: 2}


def at_least(role: Role, least: Role) -> bool:
    """Whether a role allows what the other one allows."""
    return _RANK[role] >= _RANK[least]


def is_installation_admin(conn: sa.Connection, user_id: str) -> bool:
    """Whether the user runs the installation: an owner of the organization that the first start made."""
    default = find_default(conn)
    return default is not None and repository.role_of(conn, default.org_id, user_id) is Role.OWNER


# Organizations


def get_organization(conn: sa.Connection, org_id: str) -> Organization:
    """One organization.

    Raises:
        NotFound: there is none with this id.
    """
    found = repository.organization(conn, org_id)
    if found is None:
        raise NotFound("Organization not found")
    return found


def create_organization(conn: sa.Connection, *, name: str, owner_id: str) -> Organization:
    """Make an organization with its owner and a first project.

    Raises:
        Invalid: the name cannot be used.
        NotFound: the owner does not exist.
    """
    made = Organization(id=new_uuid(), name=clean_name(name), credit_limit_micros=None, created_at=now_ms())
    get_user(conn, owner_id)
    repository.insert_organization(conn, made)
    repository.insert_member(conn, made.id, owner_id, role=Role.OWNER, now=made.created_at)
    create_project(conn, org_id=made.id, name=DEFAULT_NAME)
    return made


def rename_organization(conn: sa.Connection, org_id: str, *, name: str) -> Organization:
    """Give an organization another name.

    Raises:
        Invalid: the name cannot be used.
        NotFound: there is no such organization.
    """
    repository.rename_organization(conn, org_id, name=clean_name(name))
    return get_organization(conn, org_id)


def delete_organization(conn: sa.Connection, org_id: str) -> None:
    """Delete an organization with its projects, workflows, executions and keys.

    Raises:
        Conflict: it is the installation's first one, or something of it still runs.
        NotFound: there is no such organization.
    """
    get_organization(conn, org_id)
    default = find_default(conn)
    if default is not None and default.org_id == org_id:
        raise Conflict("The installation's first organization cannot be deleted: its owners run the installation")
    if repository.has_live_executions(conn, org_id):
        raise Conflict("The organization has executions that are not finished; cancel them or wait, then delete it")
    repository.delete_organization(conn, org_id)


# Users


def get_user(conn: sa.Connection, user_id: str) -> User:
    """One user.

    Raises:
        NotFound: there is none with this id.
    """
    found = repository.user(conn, user_id)
    if found is None:
        raise NotFound("User not found")
    return found


def create_user(conn: sa.Connection, *, email: str, name: str) -> User:
    """Make a user who is in no organization yet and has no password.

    Raises:
        Invalid: the name or address cannot be used.
        Conflict: the address is taken.
    """
    made = User(id=new_uuid(), email=clean_email(email), name=clean_name(name), has_password=False, created_at=now_ms())
    try:
        repository.insert_user(conn, made)
    except sa.exc.IntegrityError as error:
        raise _email_taken(made.email) from error
    return made


def update_user(conn: sa.Connection, user_id: str, *, name: str | None = None, email: str | None = None) -> User:
    """Change what is given of a user.

    Raises:
        Invalid: the name or address cannot be used.
        Conflict: the address is taken.
        NotFound: there is no such user.
    """
    known = get_user(conn, user_id)
    new_name = known.name if name is None else clean_name(name)
    new_email = known.email if email is None else clean_email(email)
    try:
        repository.update_user(conn, user_id, name=new_name, email=new_email)
    except sa.exc.IntegrityError as error:
        raise _email_taken(new_email) from error
    return get_user(conn, user_id)


def delete_user(conn: sa.Connection, user_id: str) -> None:
    """Delete a user with their memberships, keys and sessions.

    Raises:
        Conflict: the user is the last owner of an organization.
        NotFound: there is no such user.
    """
    get_user(conn, user_id)
    for organization, role in repository.memberships_of(conn, user_id):
        repository.lock_organization(conn, organization.id)
        if role is Role.OWNER:
            _require_other_owner(conn, organization)
    repository.delete_user(conn, user_id)


def _email_taken(email: str) -> Conflict:
    return Conflict(f"There is already a user with the e-mail address {email}", details={"field": "email"})


# Members


@dataclass(frozen=True, slots=True)
class Invitation:
    """A new member, and whether their account was made by the invitation (and so needs a sign-in link)."""

    member: Member
    new_user: bool


def get_member(conn: sa.Connection, org_id: str, user_id: str) -> Member:
    """One member.

    Raises:
        NotFound: the user is no member of the organization.
    """
    found = repository.member(conn, org_id, user_id)
    if found is None:
        raise NotFound("Member not found")
    return found


def invite_member(
    conn: sa.Connection, *, by: Role, org_id: str, email: str, role: Role, new_name: str | None
) -> Invitation:
    """Make the person with this address a member.

    Accounts are the installation's, not an organization's: only who runs the installation may have one made here, by
    giving the person's name as ``new_name``. Else an organization could take an address that is not its own, and be
    let into the next organization that trusts it.

    Raises:
        Forbidden: this role may not give that one.
        Conflict: they are a member already.
        Invalid: the name or address cannot be used.
        NotFound: there is no such organization, or nobody with this address.
    """
    address = clean_email(email)
    known = repository.user_by_email(conn, address)
    if known is None and new_name is None:
        raise NotFound(f"Nobody has the address {address}; ask who runs the installation to make the account")
    person = known or create_user(conn, email=address, name=new_name or address)
    return Invitation(
        member=add_member(conn, by=by, org_id=org_id, user_id=person.id, role=role), new_user=known is None
    )


def add_member(conn: sa.Connection, *, by: Role, org_id: str, user_id: str, role: Role) -> Member:
    """Make a user a member.

    Raises:
        Forbidden: this role may not give that one.
        Conflict: they are a member already.
        NotFound: there is no such organization or user.
    """
    _require_may_manage(by, role)
    _lock(conn, org_id)
    get_user(conn, user_id)
    if repository.role_of(conn, org_id, user_id) is not None:
        raise Conflict("The user is a member of the organization already")
    repository.insert_member(conn, org_id, user_id, role=role, now=now_ms())
    return get_member(conn, org_id, user_id)


def change_role(conn: sa.Connection, *, by: Role, org_id: str, user_id: str, role: Role) -> Member:
    """Give a member another role.

    Raises:
        Forbidden: this role may not do that.
        Conflict: the organization would be left without an owner.
        NotFound: the user is no member of the organization.
    """
    _lock(conn, org_id)
    known = get_member(conn, org_id, user_id)
    _require_may_manage(by, known.role)
    _require_may_manage(by, role)
    if known.role is Role.OWNER and role is not Role.OWNER:
        _require_other_owner(conn, get_organization(conn, org_id))
    repository.set_role(conn, org_id, user_id, role=role)
    return get_member(conn, org_id, user_id)


def remove_member(conn: sa.Connection, *, by: Role, org_id: str, user_id: str, leaving: bool = False) -> None:
    """Take a user out of an organization. Everybody may leave (``leaving``), admins and owners may remove others.

    Raises:
        Forbidden: this role may not do that.
        Conflict: the organization would be left without an owner.
        NotFound: the user is no member of the organization.
    """
    _lock(conn, org_id)
    known = get_member(conn, org_id, user_id)
    if not leaving:
        _require_may_manage(by, known.role)
    if known.role is Role.OWNER:
        _require_other_owner(conn, get_organization(conn, org_id))
    repository.delete_member(conn, org_id, user_id)


def _lock(conn: sa.Connection, org_id: str) -> None:
    if not repository.lock_organization(conn, org_id):
        raise NotFound("Organization not found")


def _require_may_manage(by: Role, target: Role) -> None:
    if not at_least(by, Role.ADMIN):
        raise Forbidden("Only admins and owners manage members")
    if target is Role.OWNER and by is not Role.OWNER:
        raise Forbidden("Only an owner manages owners")


def _require_other_owner(conn: sa.Connection, organization: Organization) -> None:
    if repository.owner_count(conn, organization.id) < 2:
        raise Conflict(f"This is the last owner of “{organization.name}”; make somebody else an owner first")


# Projects


def get_project(conn: sa.Connection, org_id: str, project_id: str) -> Project:
    """One project of the organization.

    Raises:
        NotFound: the organization has none with this id.
    """
    found = repository.project(conn, org_id, project_id)
    if found is None:
        raise NotFound("Project not found")
    return found


def create_project(conn: sa.Connection, *, org_id: str, name: str, default_model: str | None = None) -> Project:
    """Make a project.

    Raises:
        Invalid: the name or the model cannot be used.
        NotFound: there is no such organization.
    """
    get_organization(conn, org_id)
    made = Project(
        id=new_uuid(), org_id=org_id, name=clean_name(name), default_model=_model(default_model), created_at=now_ms()
    )
    repository.insert_project(conn, made)
    return made


def update_project(
    conn: sa.Connection, *, org_id: str, project_id: str, name: str | None = None, default_model: str | None = None
) -> Project:
    """Change what is given of a project; an empty ``default_model`` takes it away.

    Raises:
        Invalid: the name or the model cannot be used.
        NotFound: the organization has no such project.
    """
    known = get_project(conn, org_id, project_id)
    repository.update_project(
        conn,
        org_id,
        project_id,
        name=known.name if name is None else clean_name(name),
        default_model=known.default_model if default_model is None else _model(default_model),
    )
    return get_project(conn, org_id, project_id)


def delete_project(conn: sa.Connection, *, org_id: str, project_id: str) -> None:
    """Delete a project. Its workflows remain, and cannot be triggered until they are given another one.

    Raises:
        NotFound: the organization has no such project.
    """
    if not repository.delete_project(conn, org_id, project_id):
        raise NotFound("Project not found")


def _model(text: str | None) -> str | None:
    if not text:
        return None
    model = clean_name(text, field="default_model")
    vendor, _, name = model.partition(":")
    if not vendor or not name:
        raise Invalid("default_model: must be vendor:name, such as openai:gpt-5", details={"field": "default_model"})
    return model

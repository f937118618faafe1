"""One's organization: its members, projects, credit and model providers."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request

from runwright.accounts import credits, providers, repository, service, sessions
from runwright.accounts.dependencies import (
    Caller,
    PathId,
    RequestedSpan,
    database_of,
    door_of,
    require_installation_admin,
    require_manager_role,
    runs_installation,
)
from runwright.accounts.models import Role
from runwright.accounts.providers import Vendor
from runwright.accounts.schemas import (
    CreditAmountIn,
    CreditLimitIn,
    CreditOut,
    InvitationOut,
    LinkOut,
    MemberIn,
    MemberOut,
    ProjectChange,
    ProjectIn,
    ProjectOut,
    ProviderIn,
    ProviderOut,
    RoleIn,
    TrialIn,
    TrialOut,
    UsageOut,
)
from runwright.accounts.validation import clean_amount
from runwright.kit.clock import now_ms
from runwright.kit.schemas import Listed

router = APIRouter()
Member = Annotated[Caller, Depends(require_manager_role(Role.MEMBER))]
Admin = Annotated[Caller, Depends(require_manager_role(Role.ADMIN))]


@router.get("/members", tags=["members"])
async def list_members(caller: Member, span: RequestedSpan, request: Request) -> Listed[MemberOut]:
    """Who is in the organization."""
    page = await database_of(request).read(lambda conn: repository.list_members(conn, caller.org_id, span=span))
    return Listed[MemberOut].of(page, MemberOut.of)


@router.post("/members", tags=["members"], status_code=201)
async def add_member(body: MemberIn, caller: Admin, request: Request) -> InvitationOut:
    """Add the person with an e-mail address.

    When nobody has it, who runs the installation gets a new account made, and the link to hand to the person.
    """
    return await database_of(request).write(lambda conn: _invite(conn, caller, body))


@router.patch("/members/{user_id}", tags=["members"])
async def change_member(user_id: PathId, body: RoleIn, caller: Admin, request: Request) -> MemberOut:
    """Give a member another role."""
    changed = await database_of(request).write(
        lambda conn: service.change_role(conn, by=caller.role, org_id=caller.org_id, user_id=user_id, role=body.role)
    )
    return MemberOut.of(changed)


@router.delete("/members/{user_id}", tags=["members"], status_code=204)
async def remove_member(user_id: PathId, caller: Member, request: Request) -> None:
    """Take a member out of the organization, or leave it."""
    await database_of(request).write(
        lambda conn: service.remove_member(
            conn, by=caller.role, org_id=caller.org_id, user_id=user_id, leaving=user_id == caller.user_id
        )
    )


@router.get("/projects", tags=["projects"])
async def list_projects(caller: Member, span: RequestedSpan, request: Request) -> Listed[ProjectOut]:
    """The organization's projects, oldest first."""
    page = await database_of(request).read(lambda conn: repository.list_projects(conn, caller.org_id, span=span))
    return Listed[ProjectOut].of(page, ProjectOut.of)


@router.post("/projects", tags=["projects"], status_code=201)
async def create_project(body: ProjectIn, caller: Admin, request: Request) -> ProjectOut:
    """Make a project."""
    made = await database_of(request).write(
        lambda conn: service.create_project(
            conn, org_id=caller.org_id, name=body.name, default_model=body.default_model
        )
    )
    return ProjectOut.of(made)


@router.get("/projects/{project_id}", tags=["projects"])
async def get_project(project_id: PathId, caller: Member, request: Request) -> ProjectOut:
    """One project."""
    return ProjectOut.of(
        await database_of(request).read(lambda conn: service.get_project(conn, caller.org_id, project_id))
    )


@router.patch("/projects/{project_id}", tags=["projects"])
async def change_project(project_id: PathId, body: ProjectChange, caller: Admin, request: Request) -> ProjectOut:
    """Change a project's name or default model."""
    changed = await database_of(request).write(
        lambda conn: service.update_project(
            conn, org_id=caller.org_id, project_id=project_id, name=body.name, default_model=body.default_model
        )
    )
    return ProjectOut.of(changed)


@router.delete("/projects/{project_id}", tags=["projects"], status_code=204)
async def delete_project(project_id: PathId, caller: Admin, request: Request) -> None:
    """Delete a project. Its workflows remain, and cannot be triggered until they get another one."""
    await database_of(request).write(
        lambda conn: service.delete_project(conn, org_id=caller.org_id, project_id=project_id)
    )


@router.get("/credits", tags=["credits"])
async def get_credits(caller: Member, request: Request) -> CreditOut:
    """The organization's credit limit and what it has used."""
    return CreditOut.of(await database_of(request).read(lambda conn: credits.credit_of(conn, caller.org_id)))


@router.put("/credits", tags=["credits"], dependencies=[Depends(require_installation_admin)])
async def set_credit_limit(body: CreditLimitIn, caller: Admin, request: Request) -> CreditOut:
    """Set the limit, or take it away. For those who run the installation."""
    limit = clean_amount(body.limit, field="limit") if body.limit is not None else None
    return CreditOut.of(
        await database_of(request).write(lambda conn: credits.set_limit(conn, caller.org_id, limit=limit))
    )


@router.post("/credits/add", tags=["credits"], dependencies=[Depends(require_installation_admin)])
async def add_credits(body: CreditAmountIn, caller: Admin, request: Request) -> CreditOut:
    """Raise the limit. For those who run the installation."""
    amount = clean_amount(body.amount, field="amount")
    return CreditOut.of(
        await database_of(request).write(lambda conn: credits.add_credits(conn, caller.org_id, amount=amount))
    )


@router.get("/usage", tags=["credits"])
async def list_usage(caller: Member, span: RequestedSpan, request: Request) -> Listed[UsageOut]:
    """What was paid for, newest first."""
    page = await database_of(request).read(lambda conn: credits.list_usage(conn, caller.org_id, span=span))
    return Listed[UsageOut].of(page, UsageOut.of)


@router.get("/model-providers", tags=["model providers"])
async def list_providers(caller: Member, request: Request) -> list[ProviderOut]:
    """The vendors of models that are set up."""
    found = await database_of(request).read(lambda conn: providers.list_providers(conn, caller.org_id))
    return [ProviderOut.of(provider) for provider in found]


@router.put("/model-providers/{vendor}", tags=["model providers"])
async def put_provider(vendor: Vendor, body: ProviderIn, caller: Admin, request: Request) -> ProviderOut:
    """Set a vendor up, or replace its key and address. The key is kept encrypted and never shown."""
    box = door_of(request).secret_box
    key = body.api_key.get_secret_value() if body.api_key else None
    made = await database_of(request).write(
        lambda conn: providers.put_provider(
            conn, box, org_id=caller.org_id, vendor=vendor, api_key=key, base_url=body.base_url
        )
    )
    return ProviderOut.of(made)


@router.delete("/model-providers/{vendor}", tags=["model providers"], status_code=204)
async def delete_provider(vendor: Vendor, caller: Admin, request: Request) -> None:
    """Take a vendor away, with its key."""
    await database_of(request).write(lambda conn: providers.delete_provider(conn, org_id=caller.org_id, vendor=vendor))


@router.post("/model-providers/{vendor}/test", tags=["model providers"])
async def test_provider(vendor: Vendor, body: TrialIn, caller: Admin, request: Request) -> TrialOut:
    """Ask one of a vendor's models a short question, to see whether key and address are good."""
    from runwright.agents.trial import try_model

    trial = await try_model(
        request.app.state.services.models, f"{vendor.value}:{body.model}", org_id=caller.org_id, project_id=""
    )
    return TrialOut(ok=trial.ok, message=trial.message, milliseconds=trial.milliseconds)


def _invite(conn: sa.Connection, caller: Caller, body: MemberIn) -> InvitationOut:
    new_name = (body.name or body.email) if runs_installation(conn, caller.identity) else None
    made = service.invite_member(
        conn, by=caller.role, org_id=caller.org_id, email=body.email, role=body.role, new_name=new_name
    )
    # Only for an account that did not exist before: a link for another would be a way into it.
    token = sessions.make_link(conn, made.member.user_id, now=now_ms()) if made.new_user else None
    return InvitationOut(member=MemberOut.of(made.member), link=LinkOut.of(token) if token else None)

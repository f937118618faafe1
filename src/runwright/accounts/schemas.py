"""What ``/api/v1`` takes and answers about accounts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from runwright.accounts import credits, keys, providers, repository, sessions
from runwright.accounts.models import Role
from runwright.accounts.providers import Vendor
from runwright.kit.money import format_usd
from runwright.kit.schemas import ApiInput, ApiModel, Moment

REFERENCE_PATTERN = "^[A-Za-z0-9._-]{1,100}$"
"""What every identifier and cursor of ours looks like."""

Reference = Annotated[str, Field(pattern=REFERENCE_PATTERN)]
UsdText = Annotated[str, Field(description="US dollars as decimal text.", examples=["12.50"])]


class OrganizationOut(ApiModel):
    """A tenant."""

    id: str
    name: str
    created_at: Moment

    @classmethod
    def of(cls, record: repository.Organization) -> OrganizationOut:
        return cls(id=record.id, name=record.name, created_at=record.created_at)


class OrganizationIn(ApiInput):
    """A new organization. Without ``ownerId`` the caller owns it."""

    name: str
    owner_id: Reference | None = None


class NameIn(ApiInput):
    """Another name."""

    name: str


class UserOut(ApiModel):
    """A person. Without a password they come in by a one-time link only."""

    id: str
    email: str
    name: str
    has_password: bool
    created_at: Moment

    @classmethod
    def of(cls, record: repository.User) -> UserOut:
        return cls(
            id=record.id,
            email=record.email,
            name=record.name,
            has_password=record.has_password,
            created_at=record.created_at,
        )


class UserIn(ApiInput):
    """A new user."""

    email: str
    name: str


class UserChange(ApiInput):
    """What is to change of a user."""

    email: str | None = None
    name: str | None = None


class LinkOut(ApiModel):
    """A one-time link, shown this once: ``path`` is a page of the web app, ``token`` what is behind its ``#``."""

    token: str
    path: str
    expires_in: Annotated[int, Field(description="Seconds.")]

    @classmethod
    def of(cls, token: str) -> LinkOut:
        return cls(token=token, path=sessions.link_path(token), expires_in=sessions.LINK_LIFETIME // 1000)


class MemberOut(ApiModel):
    """A person in the organization."""

    user_id: str
    email: str
    name: str
    role: Role
    created_at: Moment

    @classmethod
    def of(cls, record: repository.Member) -> MemberOut:
        return cls(
            user_id=record.user_id,
            email=record.email,
            name=record.name,
            role=record.role,
            created_at=record.created_at,
        )


class MemberIn(ApiInput):
    """Whom to add. ``name`` is for a new account, see the call."""

    email: str
    name: str | None = None
    role: Role = Role.MEMBER


class InvitationOut(ApiModel):
    """The new member, and the link to hand to them when their account was just made."""

    member: MemberOut
    link: LinkOut | None


class RoleIn(ApiInput):
    """Another role."""

    role: Role


class ProjectOut(ApiModel):
    """A place for workflows."""

    id: str
    name: str
    default_model: str | None
    created_at: Moment

    @classmethod
    def of(cls, record: repository.Project) -> ProjectOut:
        return cls(id=record.id, name=record.name, default_model=record.default_model, created_at=record.created_at)


class ProjectIn(ApiInput):
    """A new project. ``defaultModel`` (``vendor:name``) is for agent blocks that name none."""

    name: str
    default_model: str | None = None


class ProjectChange(ApiInput):
    """What is to change of a project; an empty ``defaultModel`` takes it away."""

    name: str | None = None
    default_model: str | None = None


class ApiKeyOut(ApiModel):
    """A key, of which only the first characters are kept in clear. ``organizationId`` null: without organization."""

    id: str
    name: str
    prefix: str
    user_id: str
    organization_id: str | None
    created_at: Moment
    last_used_at: Moment | None

    @classmethod
    def of(cls, record: repository.ApiKey) -> ApiKeyOut:
        return cls(
            id=record.id,
            name=record.name,
            prefix=record.prefix,
            user_id=record.user_id,
            organization_id=record.org_id,
            created_at=record.created_at,
            last_used_at=record.last_used_at,
        )


class ApiKeyIn(ApiInput):
    """A new key for the caller. The other two fields are for those who run the installation."""

    name: str
    user_id: Annotated[Reference | None, Field(description="Whom the key speaks for. Default: the caller.")] = None
    without_organization: Annotated[bool, Field(description="Make a key that no organization accepts.")] = False


class NewApiKeyOut(ApiModel):
    """The key and its secret, which is shown this once."""

    key: ApiKeyOut
    secret: str

    @classmethod
    def of(cls, made: keys.NewKey) -> NewApiKeyOut:
        return cls(key=ApiKeyOut.of(made.key), secret=made.secret)


class CreditOut(ApiModel):
    """What may be spent on models and what was. ``limit`` and ``remaining`` null: unlimited."""

    limit: UsdText | None
    used: UsdText
    remaining: UsdText | None
    reached: Annotated[bool, Field(description="Triggers are refused until the limit is raised.")]

    @classmethod
    def of(cls, record: credits.Credit) -> CreditOut:
        return cls(
            limit=format_usd(record.limit) if record.limit is not None else None,
            used=format_usd(record.used),
            remaining=format_usd(record.remaining) if record.remaining is not None else None,
            reached=record.reached,
        )


class CreditLimitIn(ApiInput):
    """The new limit; null takes it away."""

    limit: UsdText | None


class CreditAmountIn(ApiInput):
    """By how much the limit is raised."""

    amount: UsdText


class UsageOut(ApiModel):
    """One paid request to a model."""

    id: str
    execution_id: str | None
    block_key: str | None
    model: str | None
    cost: UsdText
    created_at: Moment

    @classmethod
    def of(cls, record: credits.UsageEntry) -> UsageOut:
        return cls(
            id=record.id,
            execution_id=record.execution_id,
            block_key=record.block_key,
            model=record.model,
            cost=format_usd(record.cost_micros),
            created_at=record.created_at,
        )


class ProviderOut(ApiModel):
    """A vendor of models that is set up. Its key is never shown."""

    vendor: Vendor
    base_url: str | None
    has_api_key: bool
    created_at: Moment

    @classmethod
    def of(cls, record: providers.Provider) -> ProviderOut:
        return cls(
            vendor=record.vendor,
            base_url=record.base_url,
            has_api_key=record.has_api_key,
            created_at=record.created_at,
        )


class ProviderIn(ApiInput):
    """A vendor's key and address, both whole: what is not sent is not kept."""

    api_key: SecretStr | None = None
    base_url: str | None = None


class TrialIn(ApiInput):
    """Which of the vendor's models to ask, without the vendor's name."""

    model: Annotated[str, Field(min_length=1, max_length=200, examples=["gpt-5-mini"])]


class TrialOut(ApiModel):
    """How it went: the model's answer, or what is wrong and what to do about it."""

    ok: bool
    message: str
    milliseconds: int


class MembershipOut(ApiModel):
    """An organization of the caller's."""

    organization: OrganizationOut
    role: Role


class MeOut(ApiModel):
    """Who is calling. ``runsInstallation``: an owner of its first organization, who manages the others too."""

    user: UserOut
    memberships: list[MembershipOut]
    api_key_id: str | None
    runs_installation: bool


class MeChange(ApiInput):
    """What is to change of oneself. Another address needs the current password, where there is one."""

    name: str | None = None
    email: str | None = None
    current_password: SecretStr | None = None


class PasswordIn(ApiInput):
    """A new password, and the one it replaces."""

    current_password: SecretStr
    new_password: SecretStr


class SignInIn(ApiInput):
    """E-mail and password."""

    email: str
    password: SecretStr


class LinkIn(ApiInput):
    """The token of a one-time link."""

    token: SecretStr


class SetupIn(LinkIn):
    """What a person sets when they come by a one-time link. Name and address count for a new account only."""

    password: SecretStr
    name: str | None = None
    email: str | None = None


class SetupOut(ApiModel):
    """Whether the installation still waits for its owner, who has the link that the server printed."""

    needs_setup: bool


class LinkHolderOut(ApiModel):
    """Whom a one-time link is for."""

    email: str
    name: str
    new_account: bool
    expires_at: Moment

    @classmethod
    def of(cls, link: sessions.SignInLink) -> LinkHolderOut:
        return cls(email=link.email, name=link.name, new_account=not link.has_password, expires_at=link.expires_at)


class SessionOut(ApiModel):
    """A browser that is signed in."""

    id: str
    user_agent: str | None
    created_at: Moment
    last_seen_at: Moment
    expires_at: Moment
    current: bool

    @classmethod
    def of(cls, record: sessions.Session, *, current_id: str | None) -> SessionOut:
        return cls(
            id=record.id,
            user_agent=record.user_agent,
            created_at=record.created_at,
            last_seen_at=record.last_seen_at,
            expires_at=record.expires_at,
            current=record.id == current_id,
        )

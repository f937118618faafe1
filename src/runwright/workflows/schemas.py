"""What ``/api/v1`` takes and answers about workflows."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from runwright.accounts.schemas import Reference
from runwright.kit.json import Json
from runwright.kit.schemas import ApiInput, ApiModel, Moment
from runwright.workflows import catalog, gallery, service
from runwright.workflows.definition import (
    ApiTrigger,
    BlockDefinition,
    Concurrency,
    InputSpec,
    Problem,
    WorkflowDefinition,
)

Source = Annotated[str, Field(description="The workflow file, YAML text.")]


class ProblemOut(ApiModel):
    """One thing wrong in a file. Lines and columns count from 1."""

    line: int
    column: int
    path: Annotated[str, Field(examples=["blocks.fetch.url"])]
    message: str

    @classmethod
    def of(cls, problem: Problem) -> ProblemOut:
        return cls(line=problem.line, column=problem.column, path=problem.path, message=problem.message)


class ApiTriggerOut(ApiModel):
    """The API trigger. ``path`` is where to send the trigger, whether it is enabled or not."""

    enabled: bool
    concurrency: Concurrency
    path: str


class TriggersOut(ApiModel):
    """The ways the workflow can be started from outside."""

    api: ApiTriggerOut

    @classmethod
    def of(cls, workflow: service.Workflow) -> TriggersOut:
        path = f"/api/workflows/{workflow.id}/trigger"
        api = ApiTriggerOut(enabled=workflow.api.enabled, concurrency=workflow.api.concurrency, path=path)
        return cls(api=api)


class ApiTriggerIn(ApiInput):
    """The API trigger's settings."""

    enabled: bool
    concurrency: Concurrency = Concurrency.PARALLEL

    def value(self) -> ApiTrigger:
        """The settings."""
        return ApiTrigger(enabled=self.enabled, concurrency=self.concurrency)


class TriggersIn(ApiInput):
    """All trigger settings."""

    api: ApiTriggerIn


class WorkflowOut(ApiModel):
    """A workflow. ``publishedVersion`` is the version that runs, null while none is published."""

    id: str
    project_id: str | None
    name: str
    description: str
    category: str
    triggers: TriggersOut
    published_version: int | None
    latest_version: int
    archived_at: Moment | None
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, workflow: service.Workflow) -> WorkflowOut:
        return cls(
            id=workflow.id,
            project_id=workflow.project_id,
            name=workflow.name,
            description=workflow.description,
            category=workflow.category,
            triggers=TriggersOut.of(workflow),
            published_version=workflow.published_number,
            latest_version=workflow.latest_number,
            archived_at=workflow.archived_at,
            created_at=workflow.created_at,
            updated_at=workflow.updated_at,
        )


class RunsOut(ApiModel):
    """How often a workflow ran, and how its last execution stands."""

    count: int
    last_execution_id: str | None
    last_status: str | None
    last_at: Moment | None

    @classmethod
    def of(cls, runs: service.Runs) -> RunsOut:
        return cls(
            count=runs.count,
            last_execution_id=runs.last_execution_id,
            last_status=runs.last_status,
            last_at=runs.last_at,
        )


class WorkflowSummaryOut(WorkflowOut):
    """A workflow with its runs."""

    runs: RunsOut

    @classmethod
    def of_summary(cls, summary: service.Summary) -> WorkflowSummaryOut:
        """A workflow with its runs, as it is answered."""
        return cls(**dict(WorkflowOut.of(summary.workflow)), runs=RunsOut.of(summary.runs))


class WorkflowIn(ApiInput):
    """A new workflow."""

    source: Source
    project_id: Annotated[
        Reference | None,
        Field(description="Its project. Default: the organization's oldest one. null: none, it cannot be triggered."),
    ] = None
    publish: bool = True


class WorkflowChange(ApiInput):
    """What is to change of a workflow; its name and blocks change with a new version."""

    project_id: Annotated[Reference | None, Field(description="Move it to a project; null: out of any.")] = None
    archived: bool | None = None


class DuplicateIn(ApiInput):
    """A copy. Without a name it is called ``Copy of …``."""

    name: Annotated[str | None, Field(min_length=1, max_length=200)] = None


class InputOut(ApiModel):
    """A context variable."""

    name: str
    description: str
    required: bool
    default: str | None

    @classmethod
    def of(cls, spec: InputSpec) -> InputOut:
        return cls(name=spec.name, description=spec.description, required=spec.required, default=spec.default)


class NeedOut(ApiModel):
    """An edge of the graph; ``branch`` is null when any end of the block will do."""

    key: str
    branch: str | None


class BlockOut(ApiModel):
    """A block of the graph."""

    key: str
    type: str
    name: str
    description: str
    needs: list[NeedOut]
    branches: list[str]
    review: bool
    line: Annotated[int, Field(description="Where its key stands in the file.")]

    @classmethod
    def of(cls, block: BlockDefinition) -> BlockOut:
        return cls(
            key=block.key,
            type=block.type,
            name=block.name,
            description=block.description,
            needs=[NeedOut(key=need.key, branch=need.branch) for need in block.needs],
            branches=list(block.config.branch_names()),
            review=block.review is not None or block.type == "review",
            line=block.line,
        )


class GraphOut(ApiModel):
    """What a file means: its context variables and, in the order of the file, its blocks."""

    name: str
    description: str
    category: str
    inputs: list[InputOut]
    blocks: list[BlockOut]

    @classmethod
    def of(cls, definition: WorkflowDefinition) -> GraphOut:
        return cls(
            name=definition.name,
            description=definition.description,
            category=definition.category,
            inputs=[InputOut.of(spec) for spec in definition.inputs.values()],
            blocks=[BlockOut.of(block) for block in definition.blocks.values()],
        )


class SourceIn(ApiInput):
    """A file."""

    source: Source


class CheckedOut(ApiModel):
    """Whether a file is a valid workflow: what it means, or what is wrong with it."""

    valid: bool
    problems: list[ProblemOut]
    graph: GraphOut | None


class PersonOut(ApiModel):
    """Who did something."""

    id: str
    name: str | None


class VersionOut(ApiModel):
    """A saved state of a workflow, which never changes. ``id`` names it when an execution is started with it."""

    id: str
    number: int
    created_at: Moment
    created_by: PersonOut | None
    published_at: Annotated[Moment | None, Field(description="When it was last published, if ever.")]
    published: Annotated[bool, Field(description="Whether it is the one that runs.")]

    @classmethod
    def of(cls, version: service.Version, *, published: int | None) -> VersionOut:
        by = PersonOut(id=version.created_by, name=version.created_by_name) if version.created_by else None
        return cls(
            id=version.id,
            number=version.number,
            created_at=version.created_at,
            created_by=by,
            published_at=version.published_at,
            published=version.number == published,
        )


class VersionDetailOut(VersionOut):
    """A version with its file and what it means."""

    source: str
    graph: GraphOut


class VersionIn(ApiInput):
    """The next version."""

    source: Source
    publish: Annotated[bool, Field(description="Let it run from now on, with its trigger settings, if it has any.")] = (
        False
    )
    expected_version: Annotated[
        int | None, Field(description="The latest version the change is based on; 409 when there is a newer one.")
    ] = None


class RestoreIn(ApiInput):
    """How to bring an older version back."""

    publish: bool = False


class DiffOut(ApiModel):
    """What changed between two versions."""

    old: int
    new: int
    diff: Annotated[str, Field(description="Unified diff, empty when nothing changed.")]


class BlockTypeOut(ApiModel):
    """A block type, for an editor. ``schema`` describes its own fields, ``texts`` how some of them are read."""

    type: str
    title: str
    description: str
    icon: Annotated[str, Field(description="Name of a Tabler icon.")]
    has_branches: bool
    json_schema: Annotated[dict[str, Json], Field(description="JSON schema of its own fields.")]
    texts: Annotated[dict[str, str], Field(description="For a field: template or condition.")]

    @classmethod
    def of(cls, kind: catalog.BlockType) -> BlockTypeOut:
        return cls(
            type=kind.type,
            title=kind.title,
            description=kind.description,
            icon=kind.icon,
            has_branches=kind.has_branches,
            json_schema=dict(kind.json_schema),
            texts={name: marker.value for name, marker in kind.texts.items()},
        )


class TemplateOut(ApiModel):
    """A workflow to begin with."""

    id: str
    name: str
    description: str
    category: str
    source: str

    @classmethod
    def of(cls, template: gallery.Template) -> TemplateOut:
        return cls(
            id=template.id,
            name=template.name,
            description=template.description,
            category=template.category,
            source=template.source,
        )

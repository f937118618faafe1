"""What ``/api/v1`` takes and answers about reviews."""

from __future__ import annotations

from pydantic import Field

from runwright.blocks.base import ReviewKind
from runwright.kit.schemas import ApiInput, ApiModel, Moment
from runwright.reviews.repository import Review
from runwright.reviews.service import Decision, ShownReview


class ReviewOut(ApiModel):
    """A question to a person. ``decision`` is null while it is open."""

    id: str
    execution_id: str
    project_id: str
    workflow_id: str
    workflow_name: str
    block_key: str
    round: int
    kind: ReviewKind = Field(description="output: is what was made good? cost: may more be spent?")
    cheaper_model: str | None = Field(description="The model that cheaper_model would go on with, where that is one.")
    message: str
    proposed_output: str | None
    deadline_at: Moment | None
    default_decision: str | None
    created_at: Moment
    decision: str | None
    comment: str | None
    edited_output: str | None
    decided_by: str | None
    decided_by_name: str | None
    decided_at: Moment | None

    @classmethod
    def of(cls, shown: ShownReview) -> ReviewOut:
        review = shown.review
        fields = {name: getattr(review, name) for name in Review.__slots__ if name != "org_id"}
        return cls(
            **fields,
            workflow_id=shown.workflow_id,
            workflow_name=shown.workflow_name,
            decided_by_name=shown.decided_by_name,
            cheaper_model=shown.cheaper_model,
        )


class VerdictIn(ApiInput):
    """The decision. ``editedOutput`` goes with approve; a comment is required to send back.

    About costs: approve lets as much be spent again, cheaper_model does too and changes the model, reject stops the
    execution.
    """

    decision: Decision
    comment: str | None = Field(default=None, max_length=20_000)
    edited_output: str | None = None

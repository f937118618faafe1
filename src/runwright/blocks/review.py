"""``review``: stops until a person has decided."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from runwright.blocks.base import (
    Block,
    BlockConfig,
    BlockContext,
    NeedsReview,
    ReviewPolicy,
    TemplateText,
    wrong,
)


class ReviewConfig(BlockConfig):
    """Fields of a ``review`` block. ``deadline`` is in seconds and needs a ``default`` decision."""

    message: TemplateText = ""
    """What the person is asked."""
    deadline: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """Seconds after which `default` is decided."""
    default: Literal["approve", "reject"] | None = None
    """What is decided when nobody answers in time."""

    @model_validator(mode="after")
    def _deadline_has_default(self) -> ReviewConfig:
        if (self.deadline is None) != (self.default is None):
            raise wrong("deadline and default belong together: default is what is decided when nobody answers")
        return self


class ReviewBlock(Block[ReviewConfig]):
    """Asks a person; the output is what was decided."""

    type = "review"
    title = "Review"
    description = "Waits for a person to approve or reject."
    icon = "user-check"
    config_model = ReviewConfig
    inline = True

    def run(self, config: ReviewConfig, context: BlockContext) -> NeedsReview:
        """Render the question and hand it over."""
        message = context.render(config.message)
        return NeedsReview(ReviewPolicy(message=message, deadline=config.deadline, default=config.default))

"""``condition``: takes the first of its branches whose condition holds."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from runwright.blocks.base import Block, BlockConfig, BlockContext, BlockError, Completed, Marker, wrong

_BRANCH_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_FALLBACK = "else"


def _check_branches(value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        raise wrong("branches must map names to conditions, as in {urgent: \"level == 'high'\", else: true}")
    last = list(value)[-1]
    for name, condition in value.items():
        _check_name(name)
        _check_condition(name, condition, is_last=name == last)
    return value


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not _BRANCH_NAME.fullmatch(name):
        raise wrong(
            f"the branch name {name!r} is not valid; use lower-case letters, digits, - and _, "
            "starting with a letter or digit"
        )


def _check_condition(name: str, condition: Any, *, is_last: bool) -> None:
    if name == _FALLBACK and condition is not True:
        raise wrong("the branch else takes what is left: write else: true")
    if condition is True and not is_last:
        raise wrong(f"the branch {name} is always taken, so those after it never are; put it last")
    if condition is not True and (not isinstance(condition, str) or not condition.strip()):
        raise wrong(f"the branch {name} needs a condition in quotes, or true if it is the last one")


Branches = Annotated[dict[str, str | bool], BeforeValidator(_check_branches), Marker.CONDITION]
"""Branch names and their conditions in the order they are tried; ``True`` always holds."""


class ConditionConfig(BlockConfig):
    """Fields of a ``condition`` block."""

    branches: Branches
    """Conditions by branch name; the first true one is taken, `else: true` stands last."""

    def branch_names(self) -> tuple[str, ...]:
        """The names downstream blocks can need."""
        return tuple(self.branches)


class ConditionBlock(Block[ConditionConfig]):
    """Chooses a branch; the output is the branch's name."""

    type = "condition"
    title = "Condition"
    description = "Takes the first branch whose condition is true."
    icon = "arrows-split-2"
    config_model = ConditionConfig
    inline = True

    def run(self, config: ConditionConfig, context: BlockContext) -> Completed:
        """Try the branches in order.

        Raises:
            BlockError: none of the conditions holds and there is no ``else``.
        """
        for name, condition in config.branches.items():
            if condition is True or context.test(str(condition)):
                return Completed(output=name, branch=name)
        names = ", ".join(config.branches)
        raise BlockError(f"None of the branches ({names}) applies; add else: true as the last", retryable=False)

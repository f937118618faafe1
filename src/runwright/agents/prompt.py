"""What a model is asked: the block's prompt, what the blocks before it gave, and what a reviewer said."""

from __future__ import annotations

import re
from collections.abc import Mapping

from runwright.blocks.base import Feedback

_TAG = re.compile(r"<(?=/?(?:output|previous_answer|reviewer_comment)\b)")


def build_prompt(prompt: str, *, upstream: Mapping[str, str], feedback: Feedback | None) -> str:
    """The whole prompt. Outputs the prompt has quoted already are not repeated.

    What comes from elsewhere stands between tags, and cannot close them itself.
    """
    sections = [prompt]
    unnamed = {key: output for key, output in upstream.items() if output.strip() and output not in prompt}
    if unnamed:
        outputs = [f'<output of="{key}">\n{_harmless(output)}\n</output>' for key, output in unnamed.items()]
        sections.append("\n\n".join(["Outputs of the steps before this one:", *outputs]))
    if feedback is not None:
        sections.append(_feedback(feedback))
    return "\n\n".join(sections)


def _feedback(feedback: Feedback) -> str:
    previous = feedback.previous_output or ""
    return (
        "A reviewer sent your previous answer back. Answer again, taking the comment into account.\n\n"
        f"<previous_answer>\n{_harmless(previous)}\n</previous_answer>\n\n"
        f"<reviewer_comment>\n{_harmless(feedback.comment)}\n</reviewer_comment>"
    )


def _harmless(text: str) -> str:
    return _TAG.sub("&lt;", text)

"""What went wrong with a model, in a sentence that says what to do."""

from __future__ import annotations

from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    UnexpectedModelBehavior,
    UsageLimitExceeded,
)

from runwright.agents.checkpoints import AnswerCutOff, AnswerTooLong, CostReached
from runwright.blocks.base import BlockError
from runwright.integrations.http.errors import RequestError
from runwright.kit.text import shortened

_QUOTED = 300
EXPLAINED = (ModelAPIError, UnexpectedModelBehavior, UsageLimitExceeded, AnswerCutOff, AnswerTooLong, CostReached)
"""The exceptions :func:`explain` has words for."""


def explain(error: Exception, *, model: str) -> BlockError:
    """The failure of a block for the failure of its model."""
    if (refused := _guard_error(error)) is not None:
        return BlockError(f"The server of {model} could not be asked. {refused}", retryable=refused.retryable)
    if isinstance(error, AnswerCutOff) or _ended_early(error):
        return BlockError(f"The answer of {model} broke off before its end; nothing of it was used")
    if isinstance(error, AnswerTooLong):
        return BlockError(
            f"The answer of {model} reached its token limit before it was complete; raise limits.max_tokens",
            retryable=False,
        )
    if isinstance(error, UsageLimitExceeded):
        return _limit_reached(error)
    if isinstance(error, CostReached):
        return BlockError(f"The limits of the block are used up: {error}", retryable=False)
    if isinstance(error, ContentFilterError):
        return BlockError(f"The vendor's content filter stopped {model}: {_said(error)}", retryable=False)
    if isinstance(error, ModelAPIError):
        return _explain_api_error(error, model=model)
    # When the tries are used up, the cause is what was wrong with the last.
    reason = error.__cause__ if isinstance(error.__cause__, Exception) else error
    return BlockError(f"{model} gave no usable answer: {_said(reason)}")


def timed_out(*, model: str, seconds: float) -> BlockError:
    """The failure of a block whose model did not finish in time."""
    return BlockError(f"{model} did not finish its answer within {seconds:g} seconds")


def _limit_reached(error: UsageLimitExceeded) -> BlockError:
    said = str(error)
    name = "tool_calls" if "tool_calls" in said else "tokens" if "tokens" in said else "requests"
    return BlockError(f"The limits of the block are used up: {said}; raise limits.{name}", retryable=False)


def _explain_api_error(error: ModelAPIError, *, model: str) -> BlockError:
    if isinstance(error, ModelAuthenticationError):
        return BlockError(f"The vendor of {model} does not accept the key: {_said(error)}", retryable=False)
    if isinstance(error, ModelNotFoundError):
        return BlockError(f"The vendor does not know the model {model}: {_said(error)}", retryable=False)
    if isinstance(error, ModelContextWindowExceededError):
        return BlockError(f"The prompt is too long for {model}: {_said(error)}", retryable=False)
    if isinstance(error, ModelQuotaExceededError):
        return BlockError(f"The account's credit for {model} is used up: {_said(error)}", retryable=False)
    if isinstance(error, ModelRateLimitError):
        return BlockError(f"The rate limit of {model} is reached; try again later: {_said(error)}")
    if isinstance(error, ModelRequestRejectedError):
        return BlockError(f"The vendor of {model} rejected the request: {_said(error)}", retryable=False)
    if isinstance(error, ModelConnectionError):
        return BlockError(f"The connection to {model} failed: {_said(error)}")
    return BlockError(f"{model} answered with an error: {_said(error)}")


def _ended_early(error: Exception) -> bool:
    """Whether it is the agent library's complaint about a chat stream without an end, which has no type of its own."""
    return isinstance(error, ModelAPIError) and "ended without a `finish_reason`" in error.message


def _said(error: Exception) -> str:
    """What the vendor said, without the wrapping."""
    if isinstance(error, ModelHTTPError):
        body = error.body
        inner = body.get("error", body) if isinstance(body, dict) else body
        message = inner.get("message", inner) if isinstance(inner, dict) else inner
        return f"{shortened(str(message or 'no reason given'), _QUOTED)} (HTTP {error.status_code})"
    return shortened(getattr(error, "message", "") or str(error), _QUOTED)


def _guard_error(error: BaseException) -> RequestError | None:
    """The guard's own words, when it was the guard that stopped a vendor's library."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, RequestError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None

"""``/api/v1/reviews``: what waits for a person, and the decision. A GET never decides anything."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request

from runwright.accounts.dependencies import CurrentCaller, PathId, RequestedSpan, database_of
from runwright.artifacts.keeper import Keeper
from runwright.blocks.base import ReviewKind
from runwright.executions.signals import Signal
from runwright.kit.clock import now_ms
from runwright.kit.pages import Page, cut
from runwright.kit.schemas import Listed
from runwright.reviews import repository, service
from runwright.reviews.filing import keep_edited
from runwright.reviews.schemas import ReviewOut, VerdictIn
from runwright.reviews.service import Decision, ShownReview, Verdict

router = APIRouter(prefix="/api/v1/reviews", tags=["Reviews"])


@router.get("")
async def list_reviews(
    caller: CurrentCaller,
    span: RequestedSpan,
    request: Request,
    is_open: Annotated[bool, Query(alias="open", description="Only those that wait for a decision.")] = True,
    execution: Annotated[str | None, Query(description="Of this execution only.")] = None,
    project: Annotated[str | None, Query(description="Of this project only.")] = None,
) -> Listed[ReviewOut]:
    """Reviews of the organization, newest first."""

    def read(conn: sa.Connection) -> Page[ShownReview]:
        found = repository.list_page(
            conn,
            caller.org_id,
            limit=span.limit + 1,
            cursor=span.after,
            open_only=is_open,
            execution_id=execution,
            project_id=project,
        )
        return cut(service.show(conn, found), limit=span.limit, cursor_of=lambda shown: shown.review.id)

    return Listed[ReviewOut].of(await database_of(request).read(read), ReviewOut.of)


@router.get("/{review_id}")
async def get_review(review_id: PathId, caller: CurrentCaller, request: Request) -> ReviewOut:
    """One review."""
    shown = await database_of(request).read(partial(service.get, org_id=caller.org_id, review_id=review_id))
    return ReviewOut.of(shown)


@router.post("/{review_id}/decision")
async def decide_review(review_id: PathId, body: VerdictIn, caller: CurrentCaller, request: Request) -> ReviewOut:
    """Decide a review, once: a second decision is answered 409 with who was first, and when."""
    verdict = Verdict(decision=body.decision, comment=body.comment, edited_output=body.edited_output)

    keeper = Keeper(database_of(request), request.app.state.services.blobs)
    edited = await keep_edited(keeper, caller.org_id, review_id, verdict)
    decide = partial(service.decide, verdict=verdict, user_id=caller.user_id, now=now_ms(), edited=edited)

    def unit(conn: sa.Connection) -> ShownReview:
        decided = decide(conn, caller.org_id, review_id)
        return service.show(conn, [decided])[0]

    shown = await database_of(request).write(unit)
    stopped = shown.review.kind == ReviewKind.COST and body.decision is Decision.REJECT
    signal = Signal.CANCELLED if stopped else Signal.DUE
    request.app.state.signals.send(signal, [shown.review.execution_id])
    return ReviewOut.of(shown)

"""The file of an output that a person edits while approving it: its content is kept before the decision is written."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from runwright.artifacts.keeper import Keeper
from runwright.artifacts.repository import Blob, find_proposal
from runwright.errors import Unavailable
from runwright.integrations.storage.base import StoreError
from runwright.reviews import repository
from runwright.reviews.service import Verdict, new_output


async def keep_edited(keeper: Keeper, org_id: str, review_id: str, verdict: Verdict) -> Blob | None:
    """Keep what the file of a reviewed block will hold; None when that is kept already, or there is no file.

    Raises:
        Unavailable: the storage cannot take it; nothing was decided.
    """
    text = await keeper.database.read(partial(_edited, org_id=org_id, review_id=review_id, verdict=verdict))
    if text is None:
        return None
    try:
        return await keeper.keep_text(org_id, text)
    except StoreError as error:
        raise Unavailable(f"The edited output could not be saved as a file: {error}") from error


def _edited(conn: sa.Connection, *, org_id: str, review_id: str, verdict: Verdict) -> str | None:
    review = repository.get(conn, org_id, review_id)
    if review is None or find_proposal(conn, review.execution_id, review.block_key) is None:
        return None
    return new_output(review, verdict)

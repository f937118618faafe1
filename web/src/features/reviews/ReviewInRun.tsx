import { useQuery } from "@tanstack/react-query";

import type { BlockRun } from "../../api/types";
import { Decision } from "./Decision";
import { openReviewsOfRunQuery } from "./queries";

/** The decision that a block of a run waits for, in its place. */
export function ReviewInRun({ executionId, block }: { executionId: string; block: BlockRun }) {
  const { data } = useQuery(openReviewsOfRunQuery(executionId));
  const review = data?.items.find(({ blockKey, round }) => blockKey === block.key && round === block.round);
  return review ? <Decision key={review.id} review={review} /> : null;
}

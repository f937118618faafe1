import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { BlockRun, Execution } from "../../api/types";
import { Decision } from "./Decision";
import { openReviewsOfRunQuery } from "./queries";
import classes from "./Reviews.module.css";

/** The decision that a block of a run waits for, in its place. */
export function ReviewInRun({ run, block }: { run: Execution; block: BlockRun }) {
  const { data } = useQuery(openReviewsOfRunQuery(run));
  const review = data?.items.find(({ blockKey, round }) => blockKey === block.key && round === block.round);
  if (!review) return null;
  return (
    <>
      {review.message && <Text className={classes.message}>{review.message}</Text>}
      <Decision key={review.id} review={review} />
    </>
  );
}

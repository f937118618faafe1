import { queryOptions } from "@tanstack/react-query";

import { client, take } from "../../api/client";

const LOOK_AGAIN_MS = 20_000;

/** Reviews that wait for a decision, newest first. */
export const openReviewsQuery = queryOptions({
  queryKey: ["reviews", "open"],
  queryFn: () => take(client.GET("/api/v1/reviews", { params: { query: { open: true, limit: 50 } } })),
  refetchInterval: LOOK_AGAIN_MS,
});

import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";

import { client, take } from "../../api/client";
import { queryClient } from "../../api/queries";
import type { components } from "../../api/schema";
import type { Execution } from "../../api/types";
import type { ReviewFilters } from "../../routes/search";

const LOOK_AGAIN_MS = 15_000;

export type Verdict = components["schemas"]["VerdictIn"];

/** Reviews that wait for a decision in a project, newest first. */
export function openReviewsQuery(project: string) {
  return queryOptions({
    queryKey: ["reviews", "open", project],
    queryFn: () => take(client.GET("/api/v1/reviews", { params: { query: { open: true, project } } })),
    refetchInterval: LOOK_AGAIN_MS,
  });
}

/** A project's reviews, newest first. */
export function reviewsQuery({ project, all, execution }: ReviewFilters & { project: string }) {
  return infiniteQueryOptions({
    queryKey: ["reviews", "list", { project, all, execution }],
    queryFn: ({ pageParam }) =>
      take(client.GET("/api/v1/reviews", { params: { query: { open: !all, project, execution, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
  });
}

/** What waits for a decision in one run. Asked anew at each revision of the run, since each can bring a review. */
export function openReviewsOfRunQuery({ id: execution, revision }: Pick<Execution, "id" | "revision">) {
  return queryOptions({
    queryKey: ["reviews", "run", execution, revision],
    queryFn: () => take(client.GET("/api/v1/reviews", { params: { query: { open: true, execution } } })),
    placeholderData: keepPreviousData,
  });
}

/** One review. */
export function reviewQuery(id: string) {
  return queryOptions({
    queryKey: ["reviews", "one", id],
    queryFn: () => take(client.GET("/api/v1/reviews/{review_id}", { params: { path: { review_id: id } } })),
  });
}

/** Decide a review. Whether it was taken or somebody was first, all that is known of reviews is read anew. */
export function useDecide(id: string) {
  return useMutation({
    mutationFn: (verdict: Verdict) =>
      take(client.POST("/api/v1/reviews/{review_id}/decision", { params: { path: { review_id: id } }, body: verdict })),
    onSuccess: (review) => queryClient.setQueryData(reviewQuery(id).queryKey, review),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ["reviews"] });
      void queryClient.invalidateQueries({ queryKey: ["runs"] });
    },
  });
}

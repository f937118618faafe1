import { QueryClient, queryOptions } from "@tanstack/react-query";

import { client, take } from "./client";
import { onHealed } from "./connection";
import { ApiError } from "./errors";

const MOST_RETRIES = 2;

/** The cache of what the server answered. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server refuses, it would refuse again.
      retry: (failures, error) => !(error instanceof ApiError && error.status < 500) && failures < MOST_RETRIES,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

onHealed(() => void queryClient.invalidateQueries());

/** Who is signed in, and where they belong. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => take(client.GET("/api/v1/me")),
  staleTime: 60_000,
});

/** The projects of the organization one works in. */
export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: () => take(client.GET("/api/v1/projects", { params: { query: { limit: 200 } } })),
  staleTime: 60_000,
});

/** The people of the organization. */
export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: () => take(client.GET("/api/v1/members", { params: { query: { limit: 200 } } })),
  staleTime: 60_000,
});

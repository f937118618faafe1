import { infiniteQueryOptions, queryOptions, useMutation, useSuspenseQuery } from "@tanstack/react-query";

import { client, take } from "../../api/client";
import { usePlace } from "../../api/place";
import { meQuery, queryClient } from "../../api/queries";
import type { Role, Vendor } from "../../api/types";
import { tellFailure } from "../../ui/failures";

/** One's role in the organization one works in. */
export function useRole(): Role {
  const { data: me } = useSuspenseQuery(meQuery);
  const chosen = usePlace((place) => place.organization);
  const membership = me.memberships.find(({ organization }) => organization.id === chosen) ?? me.memberships[0];
  return membership?.role ?? "member";
}

/** Whether one may change what the whole organization shares. */
export function useIsAdmin(): boolean {
  return useRole() !== "member";
}

function forget(key: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [key] });
}

export type KeysOf = "me" | "organization";

/** API keys, newest first: one's own, or the organization's. */
export function keysQuery(of: KeysOf) {
  return infiniteQueryOptions({
    queryKey: ["keys", of],
    queryFn: ({ pageParam }) => take(client.GET("/api/v1/api-keys", { params: { query: { of, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Make a key; its answer is the only place where the secret ever is, so it is kept in no cache. */
export function useCreateKey() {
  return useMutation({
    mutationFn: (name: string) => take(client.POST("/api/v1/api-keys", { body: { name } })),
    onSuccess: () => forget("keys"),
    gcTime: 0,
  });
}

/** Delete a key. */
export function useDeleteKey() {
  return useMutation({
    mutationFn: (id: string) => take(client.DELETE("/api/v1/api-keys/{key_id}", { params: { path: { key_id: id } } })),
    onSuccess: () => forget("keys"),
    onError: tellFailure,
  });
}

/** The browsers one is signed in with. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: () => take(client.GET("/api/v1/sessions")),
});

/** End one of one's sessions. */
export function useEndSession() {
  return useMutation({
    mutationFn: (id: string) =>
      take(client.DELETE("/api/v1/sessions/{session_id}", { params: { path: { session_id: id } } })),
    onSuccess: () => forget("sessions"),
    onError: tellFailure,
  });
}

interface ProfileChange {
  name: string;
  email?: string;
  currentPassword?: string;
}

/** Change one's name or address. */
export function useChangeProfile() {
  return useMutation({
    mutationFn: (change: ProfileChange) => take(client.PATCH("/api/v1/me", { body: change })),
    onSuccess: (me) => queryClient.setQueryData(meQuery.queryKey, me),
  });
}

/** Set a new password. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (change: { currentPassword: string; newPassword: string }) =>
      take(client.PUT("/api/v1/me/password", { body: change })),
    onSuccess: () => forget("sessions"),
  });
}

interface ProjectChange {
  name: string;
  /** Empty takes it away. */
  defaultModel: string;
}

/** Change a project. */
export function useChangeProject(id: string) {
  return useMutation({
    mutationFn: (change: ProjectChange) =>
      take(client.PATCH("/api/v1/projects/{project_id}", { params: { path: { project_id: id } }, body: change })),
    onSuccess: () => forget("projects"),
  });
}

/** Make a project. */
export function useCreateProject() {
  return useMutation({
    mutationFn: (name: string) => take(client.POST("/api/v1/projects", { body: { name } })),
    onSuccess: () => forget("projects"),
  });
}

/** Delete a project. Its workflows remain. */
export function useDeleteProject() {
  return useMutation({
    mutationFn: (id: string) =>
      take(client.DELETE("/api/v1/projects/{project_id}", { params: { path: { project_id: id } } })),
    onSuccess: () => queryClient.invalidateQueries(),
    onError: tellFailure,
  });
}

/** The vendors of models that the organization has set up. */
export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: () => take(client.GET("/api/v1/model-providers")),
});

/** Set a vendor up, whole: what is not given is not kept. */
export function useSaveProvider(vendor: Vendor) {
  return useMutation({
    mutationFn: (access: { apiKey?: string; baseUrl?: string }) =>
      take(client.PUT("/api/v1/model-providers/{vendor}", { params: { path: { vendor } }, body: access })),
    onSuccess: () => forget("providers"),
    gcTime: 0,
  });
}

/** Take a vendor away with its key. */
export function useRemoveProvider() {
  return useMutation({
    mutationFn: (vendor: Vendor) =>
      take(client.DELETE("/api/v1/model-providers/{vendor}", { params: { path: { vendor } } })),
    onSuccess: () => forget("providers"),
    onError: tellFailure,
  });
}

/** Ask one of a vendor's models a short question. */
export function useTestProvider(vendor: Vendor) {
  return useMutation({
    mutationFn: (model: string) =>
      take(client.POST("/api/v1/model-providers/{vendor}/test", { params: { path: { vendor } }, body: { model } })),
  });
}

/** What the organization may spend, and what it has. */
export const creditQuery = queryOptions({
  queryKey: ["credit"],
  queryFn: () => take(client.GET("/api/v1/credits")),
});

/** Paid requests, newest first. */
export const usageQuery = infiniteQueryOptions({
  queryKey: ["usage"],
  queryFn: ({ pageParam }) => take(client.GET("/api/v1/usage", { params: { query: { cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
});

/** Set the credit limit; null takes it away. */
export function useSetLimit() {
  return useMutation({
    mutationFn: (limit: string | null) => take(client.PUT("/api/v1/credits", { body: { limit } })),
    onSuccess: (credit) => queryClient.setQueryData(creditQuery.queryKey, credit),
  });
}

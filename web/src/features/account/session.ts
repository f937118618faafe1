import { useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";

import { client, take } from "../../api/client";
import { forgetPlace } from "../../api/place";
import { queryClient } from "../../api/queries";
import { tellFailure } from "../../ui/failures";

/** Sign out of this browser. Nothing that was read stays behind. */
export function useSignOut() {
  const router = useRouter();
  return useMutation({
    mutationFn: () => take(client.DELETE("/api/v1/session")),
    onSuccess: async () => {
      leave();
      await router.navigate({ to: "/sign-in", search: {} });
    },
    onError: tellFailure,
  });
}

/** Forget everything of the person who was here. */
export function leave(): void {
  queryClient.clear();
  forgetPlace();
}

/** End all one's sessions, this one too. */
export function useSignOutEverywhere() {
  const router = useRouter();
  return useMutation({
    mutationFn: () => take(client.DELETE("/api/v1/sessions")),
    onSuccess: async () => {
      leave();
      await router.navigate({ to: "/sign-in", search: {} });
    },
    onError: tellFailure,
  });
}

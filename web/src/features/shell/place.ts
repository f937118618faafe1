import { useRouter } from "@tanstack/react-router";

import { usePlace } from "../../api/place";
import { queryClient } from "../../api/queries";

type Change = { organization?: string; project: string | null };

/** Work in another project or organization from now on. What was read of the old one is forgotten. */
export function useGoTo(): (place: Change) => void {
  const router = useRouter();
  return (place) => {
    usePlace.setState(place);
    void router.navigate({ to: "/workflows", search: {} });
    void queryClient.resetQueries();
  };
}

import { useSuspenseQuery } from "@tanstack/react-query";

import { usePlace } from "./place";
import { projectsQuery } from "./queries";
import type { Project } from "./types";

/** The project one works in: the chosen one, or the organization's first; null when it has none. */
export function useProject(): Project | null {
  const { data } = useSuspenseQuery(projectsQuery);
  const chosen = usePlace((place) => place.project);
  return data.items.find(({ id }) => id === chosen) ?? data.items[0] ?? null;
}

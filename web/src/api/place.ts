import { create } from "zustand";
import { persist } from "zustand/middleware";

interface Place {
  /** Organization and project one works in; null: the first of one's own. */
  organization: string | null;
  project: string | null;
}

/** Where one works. Kept in the browser, so that each window starts where the last one was. */
export const usePlace = create<Place>()(
  persist((): Place => ({ organization: null, project: null }), { name: "runwright.place" }),
);

/** Headers that tell the server where one works. */
export function placeHeaders(): Record<string, string> {
  const { organization, project } = usePlace.getState();
  return {
    ...(organization ? { "X-Runwright-Organization": organization } : {}),
    ...(project ? { "X-Runwright-Project": project } : {}),
  };
}

/** Forget the place, as when another person signs in. */
export function forgetPlace(): void {
  usePlace.setState({ organization: null, project: null });
}

import { create } from "zustand";

const LOOK_AGAIN_MS = 2_000;

interface Connection {
  /** The last request got no answer; it is being tried whether the server is back. */
  lost: boolean;
}

/** Whether the server answers, as the banner shows it. */
export const useConnection = create<Connection>(() => ({ lost: false }));

/** Tell that the server did not answer. Looks until it does. */
export function connectionLost(): void {
  if (useConnection.getState().lost) return;
  useConnection.setState({ lost: true });
  window.setTimeout(() => void look(), LOOK_AGAIN_MS);
}

/** Call when the server answers again; returns how to stop being called. */
export function onHealed(listener: () => void): () => void {
  return useConnection.subscribe((now, before) => {
    if (before.lost && !now.lost) listener();
  });
}

async function look(): Promise<void> {
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    if (answer.ok) {
      useConnection.setState({ lost: false });
      return;
    }
  } catch {
    // Still gone.
  }
  window.setTimeout(() => void look(), LOOK_AGAIN_MS);
}

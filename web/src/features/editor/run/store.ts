import { create } from "zustand";

import type { BlockRun, Execution } from "../../../api/types";
import type { Said } from "../../runs/watch";

interface RunState {
  /** The run that is followed; null: none. */
  id: string | null;
  /** As it was last heard of. */
  execution: Execution | null;
  /** What its running blocks say meanwhile. */
  said: Said;
}

const NONE: RunState = { id: null, execution: null, said: {} };

/** The run that canvas, outline and panel show. */
export const useRun = create<RunState>()(() => NONE);

/** Follow a run. */
export function follow(id: string): void {
  useRun.setState({ ...NONE, id });
}

/** Show no run. */
export function forgetRun(): void {
  useRun.setState(NONE);
}

/** How a block fared in the run that is shown. */
export function useBlockRun(key: string | undefined): BlockRun | undefined {
  return useRun((state) => state.execution?.blocks.find((block) => block.key === key));
}

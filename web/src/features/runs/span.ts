import type { BlockRun, Execution } from "../../api/types";

/** Where a block stands on the line from the start of its run to its end, in hundredths of the line. */
export interface Span {
  start: number;
  width: number;
}

const NARROWEST = 1;

/** When a block ran within its run; null when it has not begun. One that still runs reaches to the present end. */
export function spanOf(
  block: Pick<BlockRun, "startedAt" | "finishedAt" | "status">,
  run: Pick<Execution, "startedAt" | "finishedAt" | "updatedAt">,
): Span | null {
  if (block.startedAt === null || run.startedAt === null || block.status === "pending") return null;
  const begin = Date.parse(run.startedAt);
  const end = Math.max(Date.parse(run.finishedAt ?? run.updatedAt), begin + 1);
  const hundredths = (moment: number) => Math.min(100, Math.max(0, (100 * (moment - begin)) / (end - begin)));
  const start = Math.min(hundredths(Date.parse(block.startedAt)), 100 - NARROWEST);
  const stop = block.finishedAt === null ? 100 : hundredths(Date.parse(block.finishedAt));
  return { start, width: Math.max(NARROWEST, stop - start) };
}

import type { components } from "../../api/schema";
import { t } from "../../texts";
import { duration } from "../../ui/time";

type Estimate = components["schemas"]["EstimateOut"];

/** So many runs tell what is seldom exceeded. */
const ENOUGH = 10;
const SECOND_MS = 1_000;

/** What a run usually costs and takes, in a sentence; null when there is nothing to go by. */
export function estimateOf({ runs, typicalCost, typicalSeconds, highCost, highSeconds }: Estimate): string | null {
  const usual = costAndTime(typicalCost, typicalSeconds);
  if (runs === 0 || usual === null) return null;
  const high = costAndTime(highCost, highSeconds);
  return t.runs.estimate(usual, runs >= ENOUGH && high !== usual ? high : null, runs);
}

function costAndTime(cost: string | null, seconds: number | null): string | null {
  if (seconds === null) return null;
  const time = duration(seconds * SECOND_MS);
  return cost === null || Number(cost) === 0 ? time : t.runs.costAndTime(t.runs.cost(cost), time);
}

import type { Problem } from "../../../api/types";

/** What a problem is about: a block and the way to the field in it, or a part of the workflow. */
export interface Place {
  block: string | null;
  /** `retry.attempts`, `headers.accept`; empty: the whole. */
  field: string;
}

/** The place a problem's path means: `blocks.fetch.retry.attempts`, `inputs.tag`, `name`. */
export function placeOf(problem: Problem): Place {
  const match = /^blocks\.([^.[]+)\.?(.*)$/.exec(problem.path);
  return match ? { block: match[1] ?? null, field: match[2] ?? "" } : { block: null, field: problem.path };
}

/** The problems of one block. */
export function problemsOf(problems: readonly Problem[], key: string): Problem[] {
  return problems.filter((problem) => placeOf(problem).block === key);
}

/** The sentences about a field and what is inside it. */
export function messagesAt(problems: readonly Problem[], block: string | null, field: string): string[] {
  return problems
    .filter((problem) => {
      const place = placeOf(problem);
      return place.block === block && (place.field === field || isInside(place.field, field));
    })
    .map((problem) => problem.message);
}

function isInside(field: string, outer: string): boolean {
  return outer !== "" && (field.startsWith(`${outer}.`) || field.startsWith(`${outer}[`));
}

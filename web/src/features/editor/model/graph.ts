import type { Block, Need } from "./workflow";

/** A line from one block to another. */
export interface Link {
  source: string;
  branch: string | null;
  target: string;
}

/** A name that is the same for the same link, however often it is drawn. */
export function linkId({ source, branch, target }: Link): string {
  return `${source}.${branch ?? ""}>${target}`;
}

/** All links between blocks that exist. */
export function linksOf(blocks: readonly Block[]): Link[] {
  const known = new Set(blocks.map((block) => block.key));
  return blocks.flatMap((block) =>
    block.needs
      .filter((need) => known.has(need.key))
      .map((need) => ({ source: need.key, branch: need.branch, target: block.key })),
  );
}

/** The keys of all blocks that settle before this one, nearest first. */
export function upstreamOf(blocks: readonly Block[], key: string): string[] {
  const needs = new Map(blocks.map((block) => [block.key, block.needs.map((need) => need.key)]));
  const found = new Set<string>();
  let rim = needs.get(key) ?? [];
  while (rim.length > 0) {
    const fresh = rim.filter((next) => next !== key && needs.has(next) && !found.has(next));
    fresh.forEach((next) => found.add(next));
    rim = fresh.flatMap((next) => needs.get(next) ?? []);
  }
  return [...found];
}

/** Whether a link from `source` to `target` would close a circle. */
export function wouldCircle(blocks: readonly Block[], source: string, target: string): boolean {
  return source === target || upstreamOf(blocks, source).includes(target);
}

/**
 * The needs of a block with one more. A block is needed either whole or by branches, so the new one takes the place
 * of those it does not go together with.
 */
export function withNeed(needs: readonly Need[], added: Need): Need[] {
  const kept = needs.filter(
    (need) => need.key !== added.key || (need.branch !== null && added.branch !== null && need.branch !== added.branch),
  );
  return [...kept, added];
}

/** The needs of a block without one. */
export function withoutNeed(needs: readonly Need[], removed: Need): Need[] {
  return needs.filter((need) => need.key !== removed.key || need.branch !== removed.branch);
}

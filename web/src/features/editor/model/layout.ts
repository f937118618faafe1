import { Graph, layout } from "@dagrejs/dagre";

import { linksOf } from "./graph";
import type { Block } from "./workflow";

export interface Point {
  x: number;
  y: number;
}

/** Where blocks stand, by key: their upper left corner. */
export type Positions = Readonly<Record<string, Point>>;

export const BLOCK_WIDTH = 248;
const HEAD_HEIGHT = 76;
const BRANCH_HEIGHT = 26;
const GAP = { across: 88, along: 28 };

/** From one column to the next. */
export const STEP = BLOCK_WIDTH + GAP.across;

/** How high a block's card is: branches have a row each. */
export function heightOf(block: Block): number {
  return HEAD_HEIGHT + block.branches.length * BRANCH_HEIGHT;
}

/** Positions for all blocks, from left to right in the order they run. */
export function layOut(blocks: readonly Block[]): Positions {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", ranksep: GAP.across, nodesep: GAP.along, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const block of blocks) graph.setNode(block.key, { width: BLOCK_WIDTH, height: heightOf(block) });
  for (const { source, target } of linksOf(blocks)) {
    if (source !== target) graph.setEdge(source, target);
  }
  layout(graph);
  return Object.fromEntries(
    blocks.map((block) => {
      const { x, y } = graph.node(block.key) as Point;
      return [block.key, { x: Math.round(x - BLOCK_WIDTH / 2), y: Math.round(y - heightOf(block) / 2) }];
    }),
  );
}

/**
 * Positions for blocks of which some have one: a block without stands to the right of what it needs, below what is
 * there already. When none has one, all are laid out.
 */
export function placed(blocks: readonly Block[], known: Positions): Positions {
  if (!blocks.some((block) => known[block.key])) return layOut(blocks);
  const found: Record<string, Point> = {};
  for (const block of blocks) {
    const point = known[block.key];
    if (point) found[block.key] = point;
  }
  for (const block of blocks) {
    if (!found[block.key]) found[block.key] = free(beside(block, found), block, blocks, found);
  }
  return found;
}

function beside(block: Block, found: Positions): Point {
  const before = block.needs.flatMap((need) => found[need.key] ?? []);
  if (before.length > 0) {
    return { x: Math.max(...before.map((point) => point.x)) + STEP, y: before[0]?.y ?? 0 };
  }
  const points = Object.values(found);
  return { x: Math.min(...points.map((point) => point.x)), y: Math.max(...points.map((point) => point.y)) + 120 };
}

/** The nearest place below where nothing is in the way. */
function free(wish: Point, block: Block, blocks: readonly Block[], found: Positions): Point {
  const others = blocks.filter((other) => found[other.key]);
  let point = wish;
  for (let tries = 0; tries <= others.length; tries += 1) {
    const inTheWay = others.find((other) => overlaps(point, block, found[other.key] as Point, other));
    if (!inTheWay) return point;
    point = { x: point.x, y: (found[inTheWay.key] as Point).y + heightOf(inTheWay) + GAP.along };
  }
  return point;
}

function overlaps(one: Point, block: Block, other: Point, otherBlock: Block): boolean {
  return (
    Math.abs(one.x - other.x) < BLOCK_WIDTH + 8 &&
    one.y < other.y + heightOf(otherBlock) + 8 &&
    other.y < one.y + heightOf(block) + 8
  );
}

const STORED = "runwright.positions.";

/** The positions that this browser remembers for a workflow. */
export function remembered(workflowId: string): Positions {
  try {
    return JSON.parse(localStorage.getItem(STORED + workflowId) ?? "{}") as Positions;
  } catch {
    return {};
  }
}

/** Remember positions; where storage is full or off they are laid out anew next time. */
export function remember(workflowId: string, positions: Positions): void {
  try {
    localStorage.setItem(STORED + workflowId, JSON.stringify(positions));
  } catch {
    // Nothing is lost but a layout.
  }
}

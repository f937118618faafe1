import type { Edge, Node } from "@xyflow/react";

import type { BlockRun, BlockType, Problem, Status } from "../../../api/types";
import { summaryOf } from "../model/blocks";
import { type Link, linkId, linksOf } from "../model/graph";
import type { Positions } from "../model/layout";
import { placeOf } from "../model/problems";
import type { Workflow } from "../model/workflow";

/** What a card shows. */
export interface Card extends Record<string, unknown> {
  name: string;
  type: string;
  title: string;
  icon: string;
  summary: string;
  branches: string[];
  disabled: boolean;
  problems: number;
  status: Status | null;
  branch: string | null;
}

export type BlockNode = Node<Card, "block">;
export type LinkEdge = Edge<{ link: Link; taken: boolean }, "link">;

/** The handle of a block's whole output; a branch has its own. */
export const WHOLE = "whole";

/** The handle that a line on a branch leaves by. */
export function handleOf(branch: string | null): string {
  return branch === null ? WHOLE : `branch:${branch}`;
}

/** The branch that a handle stands for. */
export function branchOf(handle: string | null | undefined): string | null {
  return handle?.startsWith("branch:") ? handle.slice("branch:".length) : null;
}

interface Shown {
  workflow: Workflow;
  types: ReadonlyMap<string, BlockType>;
  problems: readonly Problem[];
  runs: readonly BlockRun[];
}

/** The card of each block, by key. */
export function cardsOf({ workflow, types, problems, runs }: Shown): Map<string, Card> {
  const counts = new Map<string, number>();
  for (const problem of problems) {
    const { block } = placeOf(problem);
    if (block !== null) counts.set(block, (counts.get(block) ?? 0) + 1);
  }
  const byKey = new Map(runs.map((run) => [run.key, run]));
  return new Map(
    workflow.blocks.map((block) => {
      const type = types.get(block.type);
      const run = byKey.get(block.key);
      const card: Card = {
        name: block.name,
        type: block.type,
        title: type?.title ?? block.type,
        icon: type?.icon ?? "",
        summary: summaryOf(block),
        branches: block.branches,
        disabled: block.disabled,
        problems: counts.get(block.key) ?? 0,
        status: run?.status ?? null,
        branch: run?.branch ?? null,
      };
      return [block.key, card];
    }),
  );
}

/** The nodes to draw. What did not change stays the same object, so that it is not drawn anew. */
export function nodesOf(
  cards: ReadonlyMap<string, Card>,
  positions: Positions,
  selection: readonly string[],
  before: readonly BlockNode[],
): BlockNode[] {
  const old = new Map(before.map((node) => [node.id, node]));
  const chosen = new Set(selection);
  return [...cards].map(([key, card]) => {
    const last = old.get(key);
    const position = positions[key] ?? { x: 0, y: 0 };
    const data = last && JSON.stringify(last.data) === JSON.stringify(card) ? last.data : card;
    const selected = chosen.has(key);
    const isSame =
      last?.data === data &&
      last.selected === selected &&
      last.position.x === position.x &&
      last.position.y === position.y;
    if (isSame) return last;
    return { ...last, id: key, type: "block", position, data, selected, ariaLabel: `${card.name}, ${card.title}` };
  });
}

/** The lines to draw. */
export function edgesOf(workflow: Workflow, runs: readonly BlockRun[], chosen: readonly Link[]): LinkEdge[] {
  const byKey = new Map(runs.map((run) => [run.key, run]));
  const selected = new Set(chosen.map(linkId));
  return linksOf(workflow.blocks).map((link) => {
    const run = byKey.get(link.source);
    const taken = run?.status === "completed" && (link.branch === null || run.branch === link.branch);
    const id = linkId(link);
    return {
      id,
      type: "link",
      source: link.source,
      target: link.target,
      sourceHandle: handleOf(link.branch),
      targetHandle: "in",
      data: { link, taken },
      selected: selected.has(id),
      focusable: true,
    };
  });
}

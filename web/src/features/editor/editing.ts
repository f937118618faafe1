import { notifications } from "@mantine/notifications";

import type { BlockType } from "../../api/types";
import { t } from "../../texts";
import { copied, duplicated, freshKey, type Paste, pasted, starter } from "./model/blocks";
import * as commands from "./model/commands";
import { type Link, upstreamOf, wouldCircle } from "./model/graph";
import { type Point, type Positions, STEP } from "./model/layout";
import type { Block } from "./model/workflow";
import type { EditorStore } from "./store";
import { show, type Spot, useUi } from "./ui";

const ASIDE = 40;

/** Add a block of a type where it was asked for, connected as that says, and select it. */
export function addBlock(store: EditorStore, type: BlockType, spot: Spot): string {
  const { workflow, positions: before, edit } = store.getState();
  const key = freshKey(
    type.type,
    workflow.blocks.map((block) => block.key),
  );
  const { after, between, at } = spot;
  const source = between ?? after;
  const fields = starter(type, source?.source);
  const positions = at ? { [key]: at } : between && withRoom(workflow.blocks, before, between.target, key);
  edit(commandOf(key, fields, spot), { select: [key], positions });
  show({ panel: "settings" });
  return key;
}

/** Room for a block before another: what comes from there on moves to the right. */
function withRoom(blocks: readonly Block[], before: Positions, target: string, key: string): Positions {
  const at = before[target];
  if (!at) return {};
  const moved = blocks.filter((block) => block.key === target || upstreamOf(blocks, block.key).includes(target));
  const shifted = moved.flatMap((block): [string, Point][] => {
    const point = before[block.key];
    return point ? [[block.key, { x: point.x + STEP, y: point.y }]] : [];
  });
  return { ...Object.fromEntries(shifted), [key]: at };
}

function commandOf(key: string, fields: Record<string, unknown>, spot: Spot): commands.Command {
  if (spot.between) return commands.insertBetween(spot.between, key, fields);
  const steps = [commands.addBlock(key, fields, spot.after?.source)];
  if (spot.after) steps.push(commands.connect(spot.after.source, spot.after.branch, key));
  if (spot.before) steps.push(commands.connect(key, null, spot.before));
  return commands.all(...steps);
}

/** Where a block goes that is added without a place: behind the one that is selected. */
export function spotAtSelection(store: EditorStore): Spot {
  const { selection, workflow } = store.getState();
  const source = selection.at(-1) ?? workflow.blocks.at(-1)?.key;
  if (source === undefined) return {};
  const block = workflow.blocks.find((one) => one.key === source);
  return { after: { source, branch: block?.branches[0] ?? null } };
}

/** Connect two blocks, unless they would go in a circle; says so then. */
export function connect(store: EditorStore, source: string, branch: string | null, target: string): void {
  const { workflow, edit } = store.getState();
  if (wouldCircle(workflow.blocks, source, target)) {
    tell(t.editor.circle);
    return;
  }
  edit(commands.connect(source, branch, target));
}

/** Take connections away and make others, as one step to undo. */
export function changeNeeds(store: EditorStore, { added, removed }: { added: Link[]; removed: Link[] }): void {
  const { workflow, edit } = store.getState();
  const possible = added.filter((link) => !wouldCircle(workflow.blocks, link.source, link.target));
  if (possible.length < added.length) tell(t.editor.circle);
  edit(
    commands.all(
      ...removed.map((link) => commands.disconnect(link.source, link.branch, link.target)),
      ...possible.map((link) => commands.connect(link.source, link.branch, link.target)),
    ),
  );
}

/** Whether one could connect them at all. */
export function canConnect(store: EditorStore, source: string, target: string): boolean {
  return source !== target && !upstreamOf(store.getState().workflow.blocks, source).includes(target);
}

/** Delete what is selected: blocks, or lines between them. */
export function deleteSelected(store: EditorStore): void {
  const { selection, edit } = store.getState();
  const { links } = useUi.getState();
  if (selection.length > 0) {
    edit(commands.removeBlocks(selection), { select: [] });
    tell(t.editor.deleted(selection.length));
  } else if (links.length > 0) {
    edit(commands.all(...links.map((link) => commands.disconnect(link.source, link.branch, link.target))));
    show({ links: [] });
  }
}

/** Make copies of what is selected. */
export function duplicateSelected(store: EditorStore): void {
  const { text, selection, workflow } = store.getState();
  insert(store, duplicated(text, selection, workflow), selection);
}

/** Switch what is selected off, or on when all of it is off. */
export function toggleSelected(store: EditorStore): void {
  const { selection, workflow, edit } = store.getState();
  const chosen = workflow.blocks.filter((block) => selection.includes(block.key));
  const off = chosen.some((block) => !block.disabled);
  if (chosen.length > 0) edit(commands.setDisabled(selection, off));
}

/** What is selected as YAML text; null when nothing is. */
export function copySelected(store: EditorStore): string | null {
  const { text, selection, syntax } = store.getState();
  return selection.length > 0 && syntax.length === 0 ? copied(text, selection) : null;
}

/** Make blocks of YAML text. */
export function pasteText(store: EditorStore, text: string): boolean {
  const { workflow } = store.getState();
  const paste = pasted(text, workflow);
  if (paste) insert(store, paste, []);
  return paste !== null;
}

function insert(store: EditorStore, paste: Paste | null, originals: readonly string[]): void {
  if (!paste) return;
  const { positions, edit } = store.getState();
  const beside: Record<string, { x: number; y: number }> = {};
  originals.forEach((key, at) => {
    const from = positions[key];
    const copy = paste.keys[at];
    if (from && copy) beside[copy] = { x: from.x + ASIDE, y: from.y + ASIDE };
  });
  edit(paste.command, { select: paste.keys, positions: beside });
}

function tell(message: string): void {
  notifications.show({ message, role: "status", autoClose: 3_000 });
}

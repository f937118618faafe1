import { parseDocument } from "yaml";

import type { BlockType } from "../../../api/types";
import { addBlock, all, type Command } from "./commands";
import { type Block, isRecord, plainText, readWorkflow, textOf, type Workflow } from "./workflow";

const LONGEST_KEY = 100;

/** A key that no block has: the wish, made to fit the rules of keys, with a number where it is taken. */
export function freshKey(wish: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  const fitting = wish
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "")
    .slice(0, LONGEST_KEY - 4);
  const stem = fitting || "block";
  if (!used.has(stem)) return stem;
  let number = 2;
  while (used.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

/** The fields a new block of a type begins with: what it cannot be without. */
export function starter(type: BlockType, source?: string): Record<string, unknown> {
  const { required, properties } = type.jsonSchema as { required?: string[]; properties?: Record<string, unknown> };
  const fields: Record<string, unknown> = { type: type.type };
  for (const name of required ?? []) fields[name] = startOf(name, properties?.[name], type);
  if (type.type === "output" && source) fields.value = `{{ blocks.${source}.output }}`;
  if (type.type === "wait") fields.seconds = 60;
  if (type.type === "map") fields.block = { type: "template", text: "{{ item }}" };
  return fields;
}

function startOf(name: string, schema: unknown, type: BlockType): unknown {
  if (name === "branches" && type.hasBranches) return { first: "true", else: true };
  const kind = isRecord(schema) ? schema.type : undefined;
  return kind === "object" ? {} : kind === "array" ? [] : kind === "integer" || kind === "number" ? 0 : "";
}

/** The blocks of these keys as YAML text, in the order of the file. */
export function copied(text: string, keys: readonly string[]): string {
  const { document } = readWorkflow(text);
  const chosen = new Set(keys);
  const blocks: unknown = document.get("blocks", true);
  if (isItems(blocks)) blocks.items = blocks.items.filter((pair) => chosen.has(plainText(keyOf(pair.key))));
  const root = document.contents as unknown as { items: { key: unknown }[]; commentBefore?: string | null };
  root.items = root.items.filter((pair) => plainText(keyOf(pair.key)) === "blocks");
  root.commentBefore = null;
  document.commentBefore = null;
  return textOf(document);
}

/** What a paste does: the command, and the keys of the blocks it makes. */
export interface Paste {
  command: Command;
  keys: string[];
}

/**
 * Read pasted text as blocks: a `blocks:` section, a whole workflow, a mapping of blocks, or one block. They get fresh
 * keys where theirs are taken, and keep what connects them with each other and with blocks that exist. Null when the
 * text has no blocks.
 */
export function pasted(text: string, workflow: Workflow): Paste | null {
  const found = blocksIn(text);
  if (found.length === 0) return null;
  const known = new Set(workflow.blocks.map((block) => block.key));
  const taken = new Set(known);
  const fresh = new Map<string, string>();
  for (const [key] of found) {
    const next = freshKey(key, taken);
    taken.add(next);
    fresh.set(key, next);
  }
  const commands = found.map(([key, fields]) => addBlock(fresh.get(key) ?? key, moved(fields, fresh, known)));
  return { command: all(...commands), keys: [...fresh.values()] };
}

/** Copies of blocks that exist, each beside its model. */
export function duplicated(text: string, keys: readonly string[], workflow: Workflow): Paste | null {
  return keys.length === 0 ? null : pasted(copied(text, keys), workflow);
}

function blocksIn(text: string): [string, Record<string, unknown>][] {
  const document = parseDocument(text);
  if (document.errors.length > 0) return [];
  const plain: unknown = document.toJS();
  if (!isRecord(plain)) return [];
  if (isRecord(plain.blocks)) return onlyBlocks(plain.blocks);
  if (typeof plain.type === "string") return [[plainText(plain.name) || plain.type, plain]];
  return onlyBlocks(plain);
}

function onlyBlocks(mapping: Record<string, unknown>): [string, Record<string, unknown>][] {
  const entries = Object.entries(mapping);
  const areBlocks = entries.every(([, fields]) => isRecord(fields) && typeof fields.type === "string");
  return areBlocks ? (entries as [string, Record<string, unknown>][]) : [];
}

/** The fields of a block with the fresh keys of those pasted along with it. */
function moved(
  fields: Record<string, unknown>,
  fresh: ReadonlyMap<string, string>,
  known: ReadonlySet<string>,
): Record<string, unknown> {
  const written: unknown[] = Array.isArray(fields.needs) ? fields.needs : fields.needs ? [fields.needs] : [];
  const needs = written.map(plainText).flatMap((need) => {
    const [key = "", ...branch] = need.split(".");
    const next = fresh.get(key) ?? (known.has(key) ? key : null);
    return next === null ? [] : [[next, ...branch].join(".")];
  });
  const rest = Object.entries(fields).filter(([name]) => name !== "needs");
  const head = rest.filter(([name]) => ["type", "name", "description"].includes(name));
  const body = rest.filter(([name]) => !["type", "name", "description"].includes(name));
  return Object.fromEntries([
    ...head,
    ...(needs.length > 0 ? [["needs", needs]] : []),
    ...body.map(([name, value]) => [name, renamed(value, fresh)]),
  ]) as Record<string, unknown>;
}

function renamed(value: unknown, fresh: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") {
    return value.replace(/(?<![\w.-])blocks\.([a-z0-9][a-z0-9_-]*)\.output/g, (whole, key: string) =>
      fresh.has(key) ? `blocks.${fresh.get(key)}.output` : whole,
    );
  }
  if (Array.isArray(value)) return value.map((item) => renamed(item, fresh));
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, renamed(item, fresh)]));
  }
  return value;
}

function isItems(node: unknown): node is { items: { key: unknown }[] } {
  return typeof node === "object" && node !== null && Array.isArray((node as { items?: unknown }).items);
}

function keyOf(node: unknown): unknown {
  return typeof node === "object" && node !== null && "value" in node ? node.value : node;
}

const SUMMARY_LENGTH = 90;

/** A line of what a block does: its description, or the beginning of its first text. */
export function summaryOf(block: Block): string {
  const described = plainText(block.fields.description);
  if (described !== "") return oneLine(described);
  if (block.type === "http")
    return oneLine(`${plainText(block.fields.method) || "GET"} ${plainText(block.fields.url)}`);
  if (block.type === "wait" && block.fields.seconds !== undefined) return `${plainText(block.fields.seconds)} s`;
  const own = ["prompt", "text", "value", "message", "code", "until", "over", "name"].find(
    (name) => name in block.fields,
  );
  return own && own !== "name" ? oneLine(plainText(block.fields[own])) : "";
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > SUMMARY_LENGTH ? `${line.slice(0, SUMMARY_LENGTH - 1)}…` : line;
}

import { type Document, isCollection, isMap, isNode, isScalar, Pair, Scalar, visit, YAMLMap } from "yaml";

import { withNeed, withoutNeed } from "./graph";
import {
  conditionBehind,
  type Need,
  NEVER,
  parseNeed,
  plainText,
  readWorkflow,
  textOf,
  type Workflow,
  workflowOf,
  writeNeed,
} from "./workflow";

/** A change of a workflow file, done to its tree; comments and the order of what is not changed stay. */
export type Command = (document: Document) => void;

/** Place of a value: names, and numbers in lists. */
export type Path = readonly (string | number)[];

/** The text with a command done to it, and what it means then. */
export function done(text: string, command: Command): { text: string; workflow: Workflow } {
  const { document, problems } = readWorkflow(text);
  if (problems.length > 0) throw new Error("a text that is no YAML cannot be changed by commands");
  command(document);
  return { text: textOf(document), workflow: workflowOf(document) };
}

/** The text with a command done to it. */
export function applied(text: string, command: Command): string {
  return done(text, command).text;
}

/** Several commands as one. */
export function all(...commands: Command[]): Command {
  return (document) => commands.forEach((command) => command(document));
}

/** Set a field of the workflow or, where the value is empty, take it out. */
export function setHead(field: "name" | "description" | "category", value: string): Command {
  return (document) => {
    if (value === "" && field !== "name") document.delete(field);
    else if (document.has(field)) document.set(field, value);
    else insertPair(rootOf(document), field, value, ["version", "name", "description", "category"]);
  };
}

/** Set a field at any depth of a block; undefined takes it out, and what is empty then. */
export function setField(key: string, path: Path, value: unknown): Command {
  return (document) => {
    const place = ["blocks", key, ...path];
    if (value === undefined) deleteDeep(document, place);
    else setDeep(document, place, value);
  };
}

/** Add a block behind the others, or behind one of them. */
export function addBlock(key: string, fields: Record<string, unknown>, behind?: string): Command {
  return (document) => {
    const blocks = sectionOf(document, "blocks");
    const pair = document.createPair(key, fields);
    if (isMap(pair.value)) flow(pair.value.get("needs", true));
    const at = behind === undefined ? -1 : indexOf(blocks, behind);
    if (at < 0) blocks.items.push(pair);
    else blocks.items.splice(at + 1, 0, pair);
  };
}

/** Take blocks out, and the needs that named them. */
export function removeBlocks(keys: readonly string[]): Command {
  return (document) => {
    const blocks = sectionOf(document, "blocks");
    keys.forEach((key) => blocks.delete(key));
    eachBlock(blocks, (key) => changeNeeds(document, key, (needs) => needs.filter((need) => !keys.includes(need.key))));
  };
}

/** Connect two blocks. */
export function connect(source: string, branch: string | null, target: string): Command {
  return (document) => changeNeeds(document, target, (needs) => withNeed(needs, { key: source, branch }));
}

/** Take a connection away. */
export function disconnect(source: string, branch: string | null, target: string): Command {
  return (document) => changeNeeds(document, target, (needs) => withoutNeed(needs, { key: source, branch }));
}

/** Put a new block between two that are connected. */
export function insertBetween(
  link: { source: string; branch: string | null; target: string },
  key: string,
  fields: Record<string, unknown>,
): Command {
  const need: Need = { key: link.source, branch: link.branch };
  return all(
    addBlock(key, { ...fields, needs: [writeNeed(need)] }, link.source),
    disconnect(link.source, link.branch, link.target),
    connect(key, null, link.target),
  );
}

/** Give a block another name; its key stays, and with an empty name it is shown. */
export function renameBlock(key: string, name: string): Command {
  return setField(key, ["name"], name === "" || name === key ? undefined : name);
}

/** Give a block another key, everywhere it is named: in needs and in texts that look its output up. */
export function rekeyBlock(key: string, fresh: string): Command {
  return (document) => {
    const blocks = sectionOf(document, "blocks");
    const pair = blocks.items[indexOf(blocks, key)];
    if (!pair) return;
    pair.key = new Scalar(fresh);
    eachBlock(blocks, (other) =>
      changeNeeds(document, other, (needs) => needs.map((need) => (need.key === key ? { ...need, key: fresh } : need))),
    );
    renameInTexts(document, blockName(key), `blocks.${fresh}.output`);
  };
}

/** Switch blocks off, so that they are skipped, or on again. A condition they have is kept behind. */
export function setDisabled(keys: readonly string[], disabled: boolean): Command {
  return (document) =>
    keys.forEach((key) => {
      const written = plainText(document.getIn(["blocks", key, "if"]));
      const behind = conditionBehind(written);
      const isOff = written === NEVER || behind !== undefined;
      if (isOff === disabled) return;
      const condition = disabled ? (written === "" ? NEVER : `${NEVER} and (${written})`) : behind;
      setField(key, ["if"], condition)(document);
    });
}

/** Move a block in the order of the file; canvas and runs do not depend on it. */
export function moveBlock(key: string, by: number): Command {
  return (document) => {
    const blocks = sectionOf(document, "blocks");
    const at = indexOf(blocks, key);
    const to = Math.min(Math.max(at + by, 0), blocks.items.length - 1);
    const [pair] = blocks.items.splice(at, 1);
    if (pair) blocks.items.splice(to, 0, pair);
  };
}

/** Give a branch of a condition another name, in the needs that name it too. */
export function renameBranch(key: string, branch: string, fresh: string): Command {
  return (document) => {
    const branches: unknown = document.getIn(["blocks", key, "branches"], true);
    if (!isMap(branches)) return;
    const pair = branches.items[indexOf(branches, branch)];
    if (!pair) return;
    pair.key = new Scalar(fresh);
    eachBlock(sectionOf(document, "blocks"), (other) =>
      changeNeeds(document, other, (needs) =>
        needs.map((need) => (need.key === key && need.branch === branch ? { key, branch: fresh } : need)),
      ),
    );
  };
}

/** Take a branch out of a condition, and the needs that name it. */
export function removeBranch(key: string, branch: string): Command {
  return (document) => {
    document.deleteIn(["blocks", key, "branches", branch]);
    eachBlock(sectionOf(document, "blocks"), (other) =>
      changeNeeds(document, other, (needs) => withoutNeed(needs, { key, branch })),
    );
  };
}

/** Set a context variable's fields; absent ones are taken out. */
export function setVariable(name: string, fields: Record<string, unknown>): Command {
  return (document) => {
    if (!isMap(document.get("inputs", true))) {
      insertPair(rootOf(document), "inputs", new YAMLMap(), ["version", "name", "description", "category"]);
    }
    const inputs = sectionOf(document, "inputs");
    const written: unknown = inputs.get(name, true);
    if (!isMap(written)) {
      inputs.set(document.createNode(name), flow(document.createNode(fields)));
      return;
    }
    for (const [field, value] of Object.entries(fields)) {
      if (value === undefined) written.delete(field);
      else written.set(field, value);
    }
  };
}

/** Give a context variable another name, in the texts that look it up too. */
export function renameVariable(name: string, fresh: string): Command {
  return (document) => {
    const inputs = sectionOf(document, "inputs");
    const pair = inputs.items[indexOf(inputs, name)];
    if (!pair) return;
    pair.key = new Scalar(fresh);
    renameInTexts(document, new RegExp(`(?<![\\w.-])${escaped(name)}(?![\\w-])`, "g"), fresh);
  };
}

/** Take a context variable out. */
export function removeVariable(name: string): Command {
  return (document) => {
    document.deleteIn(["inputs", name]);
    const inputs: unknown = document.get("inputs", true);
    if (isMap(inputs) && inputs.items.length === 0) document.delete("inputs");
  };
}

function changeNeeds(document: Document, key: string, change: (needs: Need[]) => Need[]): void {
  const place = ["blocks", key, "needs"];
  const written: unknown = document.getIn(place, true);
  const before = writtenNeeds(document, written);
  const after = change(before.map(parseNeed)).map(writeNeed);
  if (after.length === before.length && after.every((need, at) => need === before[at])) return;
  if (after.length === 0) {
    document.deleteIn(place);
    return;
  }
  const block: unknown = document.getIn(["blocks", key], true);
  if (!isMap(block)) return;
  const node = flow(document.createNode(after));
  if (block.has("needs")) block.set("needs", node);
  else insertPair(block, "needs", node, ["type", "name", "description"]);
}

function writtenNeeds(document: Document, node: unknown): string[] {
  const plain: unknown = isNode(node) ? node.toJS(document) : node;
  const entries: unknown[] = Array.isArray(plain) ? plain : [plain];
  return entries.filter((entry): entry is string => typeof entry === "string" && entry !== "");
}

/** Rewrite what is looked up: inside `{{ }}`, and in conditions, but never in quotes there. */
function renameInTexts(document: Document, name: RegExp, fresh: string): void {
  const renamed = (expression: string) =>
    expression.replace(/'[^']*'|"[^"]*"|[^'"]+/g, (part) => (/^['"]/.test(part) ? part : part.replace(name, fresh)));
  visit(document, {
    Scalar(position, node, ancestors) {
      if (position === "key" || typeof node.value !== "string") return;
      const changed = isCondition(ancestors) ? renamed(node.value) : node.value.replace(/\{\{[\s\S]*?\}\}/g, renamed);
      if (changed !== node.value) node.value = changed;
    },
  });
}

function isCondition(ancestors: readonly unknown[]): boolean {
  const names = ancestors.flatMap((node) => {
    const key = (node as { key?: unknown }).key;
    return isScalar(key) ? [String(key.value)] : [];
  });
  const last = names.at(-1);
  return last === "if" || (names[0] === "blocks" && names.length === 4 && names[2] === "branches");
}

function blockName(key: string): RegExp {
  return new RegExp(`(?<![\\w.-])blocks\\.${escaped(key)}\\.output`, "g");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function rootOf(document: Document): YAMLMap {
  if (isMap(document.contents)) return document.contents;
  const made = new YAMLMap();
  made.set("version", 1);
  document.contents = made;
  return made;
}

function sectionOf(document: Document, name: string): YAMLMap {
  const section: unknown = rootOf(document).get(name, true);
  if (isMap(section)) {
    if (section.items.length === 0) section.flow = false;
    return section;
  }
  const made = new YAMLMap();
  document.set(name, made);
  return made;
}

function eachBlock(blocks: YAMLMap, visitor: (key: string) => void): void {
  blocks.items.forEach((pair) => visitor(plainText(isScalar(pair.key) ? pair.key.value : pair.key)));
}

function indexOf(map: YAMLMap, key: string): number {
  return map.items.findIndex((pair) => plainText(isScalar(pair.key) ? pair.key.value : pair.key) === key);
}

/** Put a field behind the last of those that stand before it by custom. */
function insertPair(map: YAMLMap, name: string, value: unknown, before: readonly string[]): void {
  const at = Math.max(-1, ...before.map((field) => indexOf(map, field)));
  map.items.splice(at + 1, 0, new Pair(new Scalar(name), isNode(value) ? value : new Scalar(value)));
}

function setDeep(document: Document, place: Path, value: unknown): void {
  const written: unknown = document.getIn(place, true);
  if (isScalar(written) && (value === null || typeof value !== "object")) {
    keepStyle(written, value);
    return;
  }
  for (let depth = 1; depth < place.length; depth += 1) {
    const at = place.slice(0, depth);
    if (!document.hasIn(at) || isScalar(document.getIn(at, true))) document.setIn(at, new YAMLMap());
  }
  document.setIn(place, document.createNode(value));
}

/** A text keeps its quotes, unless it gets lines and so reads better as a block. */
function keepStyle(node: Scalar, value: unknown): void {
  const isText = typeof value === "string";
  if (isText && value.includes("\n") && node.type !== Scalar.BLOCK_FOLDED) node.type = Scalar.BLOCK_LITERAL;
  else if (!isText || (node.type?.startsWith("BLOCK") && !value.includes("\n"))) node.type = undefined;
  node.value = value;
}

function deleteDeep(document: Document, place: Path): void {
  document.deleteIn(place);
  const parent = place.slice(0, -1);
  const left: unknown = document.getIn(parent, true);
  // The block itself stays, even without fields, and so does an item of a list.
  if (parent.length > 2 && typeof parent.at(-1) === "string" && isMap(left) && left.items.length === 0)
    deleteDeep(document, parent);
}

/** Write a list or mapping on one line. */
function flow<T>(node: T): T {
  if (isCollection(node)) node.flow = true;
  return node;
}

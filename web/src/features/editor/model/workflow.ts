import type { Document, YAMLMap } from "yaml";
import { isMap, isScalar, isSeq, parseDocument } from "yaml";

/** A context variable of a workflow. */
export interface Variable {
  name: string;
  description: string;
  required: boolean;
  /** null: none. */
  default: string | null;
}

/** An edge: the block that is needed, and the branch of it that must have been taken; null: whichever. */
export interface Need {
  key: string;
  branch: string | null;
}

/** A block as the editor shows it. */
export interface Block {
  key: string;
  type: string;
  name: string;
  needs: Need[];
  branches: string[];
  disabled: boolean;
  /** Everything that stands in the block, as plain values. */
  fields: Readonly<Record<string, unknown>>;
}

/** What an execution may spend before a person is asked, as it is written; empty: nothing is written. */
export interface Limits {
  cost: string;
  cheaperModel: string;
}

/** A workflow file as the editor shows it. What is not well formed in it is left out; the server says what is wrong. */
export interface Workflow {
  name: string;
  description: string;
  category: string;
  inputs: Variable[];
  limits: Limits;
  blocks: Block[];
}

/** Why a text is no YAML at all. Lines count from 1. */
export interface SyntaxProblem {
  line: number;
  column: number;
  message: string;
}

/** A text read: the tree that keeps its comments and layout, and what it means. */
export interface Reading {
  document: Document;
  workflow: Workflow;
  problems: SyntaxProblem[];
}

/** What a condition that never holds begins with; the rest is the condition to go back to. */
export const NEVER = "false";
const NEVER_AND = /^false and \(([\s\S]*)\)$/;

/** Read a workflow file as far as it can be read. */
export function readWorkflow(text: string): Reading {
  const document = parseDocument(text, { keepSourceTokens: false });
  const problems = document.errors.map((error) => ({
    line: error.linePos?.[0].line ?? 1,
    column: error.linePos?.[0].col ?? 1,
    message: error.message.split("\n")[0] ?? error.message,
  }));
  return { document, workflow: problems.length > 0 ? EMPTY : workflowOf(document), problems };
}

export const EMPTY: Workflow = {
  name: "",
  description: "",
  category: "",
  inputs: [],
  limits: { cost: "", cheaperModel: "" },
  blocks: [],
};

/** The text of a document, in the layout that edits keep. */
export function textOf(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, nullStr: "" });
}

/** The condition that stands behind a switched-off block, or undefined when there is none. */
export function conditionBehind(condition: unknown): string | undefined {
  return NEVER_AND.exec(plainText(condition))?.[1];
}

function isOff(condition: unknown): boolean {
  const text = plainText(condition);
  return text === NEVER || NEVER_AND.test(text);
}

/** What a document means. */
export function workflowOf(document: Document): Workflow {
  const root = document.contents;
  if (!isMap(root)) return EMPTY;
  return {
    name: plainText(root.get("name")),
    description: plainText(root.get("description")),
    category: plainText(root.get("category")),
    inputs: entriesOf(root, "inputs").map(([name, node]) => variableOf(name, node, document)),
    limits: limitsOf(root, document),
    blocks: entriesOf(root, "blocks").map(([key, node]) => blockOf(key, node, document)),
  };
}

function limitsOf(root: YAMLMap, document: Document): Limits {
  const section: unknown = root.get("limits", true);
  const { cost, cheaper_model } = plainFields(section, document);
  return { cost: plainText(cost), cheaperModel: plainText(cheaper_model) };
}

function entriesOf(root: YAMLMap, name: string): [string, unknown][] {
  const section: unknown = root.get(name, true);
  if (!isMap(section)) return [];
  return section.items.map((pair) => [plainText(isScalar(pair.key) ? pair.key.value : pair.key), pair.value]);
}

function variableOf(name: string, node: unknown, document: Document): Variable {
  const fields = plainFields(node, document);
  return {
    name,
    description: plainText(fields.description),
    required: fields.required === true,
    default: fields.default === undefined || fields.default === null ? null : plainText(fields.default),
  };
}

function blockOf(key: string, node: unknown, document: Document): Block {
  const fields = plainFields(node, document);
  const branches = isRecord(fields.branches) ? Object.keys(fields.branches) : [];
  return {
    key,
    type: plainText(fields.type),
    name: plainText(fields.name) || key,
    needs: needsOf(fields.needs),
    branches,
    disabled: isOff(fields.if),
    fields,
  };
}

function needsOf(written: unknown): Need[] {
  const entries: unknown[] = Array.isArray(written) ? written : [written];
  return entries.filter((entry): entry is string => typeof entry === "string" && entry !== "").map(parseNeed);
}

/** `route.urgent` is a need of a branch. */
export function parseNeed(written: string): Need {
  const dot = written.indexOf(".");
  return dot < 0 ? { key: written, branch: null } : { key: written.slice(0, dot), branch: written.slice(dot + 1) };
}

/** A need as it stands in a file. */
export function writeNeed({ key, branch }: Need): string {
  return branch === null ? key : `${key}.${branch}`;
}

function plainFields(node: unknown, document: Document): Record<string, unknown> {
  if (!isMap(node) && !isSeq(node)) return {};
  const plain: unknown = node.toJS(document);
  return isRecord(plain) ? plain : {};
}

/** A plain value as the text that a form shows. */
export function plainText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  return value === null || value === undefined ? "" : (JSON.stringify(value) ?? "");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

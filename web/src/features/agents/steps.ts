import type { Execution } from "../../api/types";

type Request = Execution["requests"][number];

/** A tool that a model called. */
export interface Call {
  tool: string;
  arguments: string;
}

/** One step of an agent, as it is shown. */
export interface Step {
  kind: string;
  title: string;
  /** What a tool was given; null for a model. */
  arguments: string | null;
  text: string;
  calls: Call[];
  /** The tools a model was offered, of the step that says so. */
  offered: string[];
}

/** Read what is kept of a request. Its form is whatever was stored, so nothing of it is taken for granted. */
export function readStep({ kind, name, model, detail }: Request): Step {
  const kept = fieldsOf(detail);
  const step = { kind, title: model ?? name, arguments: null, text: "", calls: [], offered: [] };
  if (kind === "model" || kind === "judge")
    return { ...step, text: pretty(kept.text), calls: listOf(kept.calls).map(callOf) };
  if (kind === "tools")
    return { ...step, title: "", offered: listOf(kept.tools).map((tool) => textOf(fieldsOf(tool).name)) };
  if (kind !== "tool") return { ...step, text: pretty(detail) };
  const title = [kept.server, kept.serverTool].every((part) => typeof part === "string")
    ? `${textOf(kept.server)} · ${textOf(kept.serverTool)}`
    : textOf(kept.workflow ?? kept.tool);
  return { ...step, title, arguments: pretty(kept.arguments), text: pretty(kept.result) };
}

/** What the requests came to together; the cost is null when a price is not known. */
export function totalsOf(requests: Request[]): {
  requests: number;
  calls: number;
  input: number;
  output: number;
  cost: string | null;
} {
  const asked = requests.filter(({ model }) => model !== null);
  const known = asked.every(({ cost }) => cost !== null);
  const cost = asked.reduce((sum, request) => sum + Number(request.cost ?? 0), 0);
  return {
    requests: asked.length,
    calls: requests.filter(({ kind }) => kind === "tool").length,
    input: asked.reduce((sum, { inputTokens }) => sum + (inputTokens ?? 0), 0),
    output: asked.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0),
    cost: known ? cost.toFixed(6).replace(/(\.\d\d\d*?)0+$/, "$1") : null,
  };
}

function callOf(value: unknown): Call {
  const call = fieldsOf(value);
  return { tool: textOf(call.tool), arguments: textOf(call.arguments) };
}

/** JSON with its lines, whether it comes as a value or as text; other text as it is. */
function pretty(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

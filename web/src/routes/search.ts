import type { Status } from "../api/types";

/**
 * What an address carries behind its `?`, read from whatever somebody may have typed there. The readers below name
 * every field of theirs, also when it is absent: what they leave out, the router would take as it was typed.
 */
type Raw = Record<string, unknown>;

const STATUSES: readonly Status[] = [
  "pending",
  "running",
  "completed",
  "failed",
  "cancelled",
  "skipped",
  "review_pending",
];

export interface SignInSearch {
  /** The page to go to after signing in. */
  next?: string;
}

/** Only addresses of this app are gone to after signing in. */
export function readSignIn(raw: Raw): SignInSearch {
  const { next } = raw;
  const own = typeof next === "string" && /^\/(?![/\\])/.test(next);
  return { next: own ? next : undefined };
}

export interface WorkflowFilters {
  search?: string;
  archived?: true;
}

export function readWorkflowFilters(raw: Raw): WorkflowFilters {
  return { search: text(raw.search), archived: raw.archived === true ? true : undefined };
}

export interface RunFilters {
  workflow?: string;
  status?: Status[];
  trigger?: string;
  /** Only previews, or only real runs; both when absent. */
  preview?: boolean;
}

export function readRunFilters(raw: Raw): RunFilters {
  const wanted = Array.isArray(raw.status) ? raw.status : [raw.status];
  const status = STATUSES.filter((name) => wanted.includes(name));
  return {
    workflow: text(raw.workflow),
    status: status.length > 0 ? status : undefined,
    trigger: text(raw.trigger),
    preview: typeof raw.preview === "boolean" ? raw.preview : undefined,
  };
}

export interface ReviewFilters {
  /** Decided ones too. */
  all?: true;
  /** Only those of this run. */
  execution?: string;
}

export function readReviewFilters(raw: Raw): ReviewFilters {
  return { all: raw.all === true ? true : undefined, execution: text(raw.execution) };
}

function text(value: unknown): string | undefined {
  const asText = typeof value === "number" ? String(value) : value;
  return typeof asText === "string" && asText !== "" ? asText : undefined;
}

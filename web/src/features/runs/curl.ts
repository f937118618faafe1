import type { Execution } from "../../api/types";

/** The call of the public API that starts a workflow with these variables, for a POSIX shell. */
export function triggerAsCurl(origin: string, workflowId: string, payload: Readonly<Record<string, string>>): string {
  return [
    `curl -X POST ${shellQuoted(`${origin}/api/workflows/${workflowId}/trigger`)}`,
    `-H "x-api-key: $RUNWRIGHT_API_KEY"`,
    `-H 'Content-Type: application/json'`,
    `-d ${shellQuoted(JSON.stringify(payload))}`,
  ].join(" \\\n  ");
}

/** The call that would start the same run once more. */
export function runAsCurl(origin: string, run: Execution): string {
  return triggerAsCurl(origin, run.workflowId, run.triggerPayload);
}

/** A text as one word of a POSIX shell: nothing in it is looked up or run. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

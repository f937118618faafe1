import type { Variable } from "../model/workflow";

const STORED = "runwright.inputs.";

/** What was typed for the context variables last time, of those that there still are. */
export function rememberedValues(workflowId: string, inputs: readonly Variable[]): Record<string, string> {
  try {
    const known = JSON.parse(sessionStorage.getItem(STORED + workflowId) ?? "{}") as Record<string, string>;
    return Object.fromEntries(inputs.flatMap(({ name }) => (name in known ? [[name, String(known[name])]] : [])));
  } catch {
    return {};
  }
}

/** Remember it until the window is closed. */
export function rememberValues(workflowId: string, values: Record<string, string>): void {
  try {
    sessionStorage.setItem(STORED + workflowId, JSON.stringify(values));
  } catch {
    // They are typed again then.
  }
}

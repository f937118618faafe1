const STORED = "runwright.draft.";

/** Text that was not saved, and the version that it is based on. */
export interface Draft {
  text: string;
  version: number;
}

/** Keep unsaved text in this browser, so that a closed window loses nothing. */
export function keepDraft(workflowId: string, draft: Draft): void {
  try {
    localStorage.setItem(STORED + workflowId, JSON.stringify(draft));
  } catch {
    // Without storage the text lives as long as the page.
  }
}

/** Unsaved text of an earlier visit. */
export function keptDraft(workflowId: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(STORED + workflowId) ?? "null") as Draft | null;
    return draft !== null && typeof draft.text === "string" && typeof draft.version === "number" ? draft : null;
  } catch {
    return null;
  }
}

/** Forget it, once it is saved or given up. */
export function forgetDraft(workflowId: string): void {
  try {
    localStorage.removeItem(STORED + workflowId);
  } catch {
    // It was never there.
  }
}

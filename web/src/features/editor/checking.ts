import { useEffect } from "react";

import { client, take } from "../../api/client";
import { forgetDraft, keepDraft } from "./draft";
import { isDirty, useEditor, useEditorStore } from "./store";

const QUIET_MS = 350;

/** Has the text checked by the server whenever it rests, and kept in this browser until it is saved. */
export function useChecking(): void {
  const store = useEditorStore();
  const text = useEditor((editor) => editor.text);
  const isYaml = useEditor((editor) => editor.syntax.length === 0);
  useEffect(() => {
    const stop = new AbortController();
    const timer = window.setTimeout(() => {
      const state = store.getState();
      if (isDirty(state)) keepDraft(state.workflowId, { text, version: state.saved.version });
      else forgetDraft(state.workflowId);
      if (!isYaml) return;
      const call = client.POST("/api/v1/workflows/validate", { body: { source: text }, signal: stop.signal });
      take(call).then(
        ({ problems }) => store.getState().found(problems),
        () => undefined,
      );
    }, QUIET_MS);
    return () => {
      window.clearTimeout(timer);
      stop.abort();
    };
  }, [store, text, isYaml]);
}

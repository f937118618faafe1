import { useMutation } from "@tanstack/react-query";

import { client, take } from "../../api/client";
import { ApiError } from "../../api/errors";
import { queryClient } from "../../api/queries";
import { t } from "../../texts";
import { tellDone, tellFailure } from "../../ui/failures";
import { forgetDraft } from "./draft";
import { flushDrafts } from "./inspector/useDraft";
import { type EditorStore, isDirty, useEditorStore } from "./store";
import { show } from "./ui";

const CONFLICT = 409;

interface Save {
  publish?: boolean;
  /** Save although somebody else saved meanwhile. */
  over?: boolean;
}

/** Save what there is as the next version, unless the server has it; answers the number of the version. */
export async function save(store: EditorStore, { publish = false, over = false }: Save = {}): Promise<number> {
  flushDrafts();
  const { workflowId, text, saved } = store.getState();
  const path = { workflow_id: workflowId };
  if (!isDirty(store.getState()) && !over) {
    if (publish) {
      const call = client.POST("/api/v1/workflows/{workflow_id}/versions/{number}/publish", {
        params: { path: { ...path, number: saved.version } },
      });
      const { publishedVersion } = await take(call);
      store.getState().wasSaved(saved, publishedVersion);
    }
  } else {
    const body = { source: text, publish, expectedVersion: over ? undefined : saved.version };
    const { latestVersion, publishedVersion } = await take(
      client.POST("/api/v1/workflows/{workflow_id}/versions", { params: { path }, body }),
    );
    store.getState().wasSaved({ text, version: latestVersion }, publishedVersion);
    forgetDraft(workflowId);
  }
  void queryClient.invalidateQueries({ queryKey: ["workflows"] });
  return store.getState().saved.version;
}

/** Saving and publishing as buttons do it: tells how it went, and asks when somebody else was quicker. */
export function useSave() {
  const store = useEditorStore();
  return useMutation({
    mutationFn: (how: Save) => save(store, how),
    onSuccess: (version, { publish }) =>
      tellDone(publish ? t.editor.publishedVersion(version) : t.editor.savedVersion(version)),
    onError: tellSaveFailure,
  });
}

/** A refused save in words; two people's edits are settled in a dialog. */
export function tellSaveFailure(error: unknown): void {
  if (error instanceof ApiError && error.status === CONFLICT && "latestVersion" in error.details) {
    show({ dialog: "conflict" });
  } else {
    tellFailure(error);
  }
}

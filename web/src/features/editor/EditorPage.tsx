import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import type { WorkflowSummary } from "../../api/types";
import { versionQuery, workflowQuery } from "../workflows/queries";
import { keptDraft } from "./draft";
import { Editor, SMALL } from "./Editor";
import { forgetRun } from "./run/store";
import { createEditor, EditorContext } from "./store";
import { resetUi } from "./ui";

/** The workflow editor. */
export function EditorPage() {
  const { workflowId } = useParams({ from: "/shell/workflows/$workflowId" });
  const { data: workflow } = useSuspenseQuery(workflowQuery(workflowId));
  return <Loaded key={workflowId} workflow={workflow} />;
}

/** What was loaded first is what is edited; later versions of others show when one saves. */
function Loaded({ workflow }: { workflow: WorkflowSummary }) {
  const [number] = useState(workflow.latestVersion);
  const { data: version } = useSuspenseQuery(versionQuery(workflow.id, number));
  const [opened] = useState(() => {
    const draft = keptDraft(workflow.id);
    const unsaved = draft !== null && draft.text !== version.source ? draft : null;
    const store = createEditor({
      workflowId: workflow.id,
      saved: { text: version.source, version: unsaved?.version ?? number },
      published: workflow.publishedVersion,
      draft: unsaved?.text,
    });
    resetUi({ view: window.matchMedia(SMALL).matches ? "outline" : "canvas" });
    forgetRun();
    return { store, restored: unsaved !== null };
  });
  useEffect(() => forgetRun, []);
  return (
    <EditorContext value={opened.store}>
      <Editor restored={opened.restored} />
    </EditorContext>
  );
}

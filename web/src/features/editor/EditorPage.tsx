import { useParams } from "@tanstack/react-router";

import { t } from "../../texts";
import { Page } from "../../ui/Page";

/** The workflow editor. */
export function EditorPage() {
  const { workflowId } = useParams({ from: "/shell/workflows/$workflowId" });
  return <Page title={t.editor.title}>{workflowId}</Page>;
}

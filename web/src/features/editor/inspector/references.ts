import { queryOptions, useQuery } from "@tanstack/react-query";

import { client, take } from "../../../api/client";
import { queryClient } from "../../../api/queries";
import { t } from "../../../texts";
import { versionQuery, workflowQuery } from "../../workflows/queries";
import { useEditorStore } from "../store";
import type { Reference } from "./schema";

/** Something of the project that a block can name. */
export interface Choice {
  value: string;
  label: string;
}

const MOST = 200;

function choicesQuery(reference: Reference, project: string) {
  return queryOptions({
    queryKey: ["editor", "choices", reference, project],
    queryFn: () => LISTS[reference](project),
  });
}

function serversQuery(project: string) {
  return queryOptions({
    queryKey: ["editor", "servers", project],
    queryFn: () => take(client.GET("/api/v1/mcp-servers", { params: { query: { project } } })),
  });
}

const LISTS: Record<Reference, (project: string) => Promise<Choice[]>> = {
  async workflow(project) {
    const { items } = await take(client.GET("/api/v1/workflows", { params: { query: { project, limit: MOST } } }));
    return items.map(({ id, name }) => ({ value: id, label: name }));
  },
  async connection(project) {
    const found = await take(client.GET("/api/v1/connections", { params: { query: { project } } }));
    return found.map(({ name }) => ({ value: name, label: name }));
  },
  async server(project) {
    const found = await queryClient.ensureQueryData(serversQuery(project));
    return found.map(({ name }) => ({ value: name, label: name }));
  },
};

/** What of the workflow's own project can be named, and what to say when there is nothing. */
export function useChoices(reference: Reference): { choices: Choice[]; none: string } {
  const { workflowId } = useEditorStore().getState();
  const project = useProject();
  const { data } = useQuery({ ...choicesQuery(reference, project), enabled: project !== "" });
  const others = (data ?? []).filter(({ value }) => value !== workflowId);
  return { choices: others, none: t.editor.references[reference] };
}

/** The names of the tools that an MCP server of the project has, as far as it was asked. */
export function useToolsOf(server: string): string[] {
  const project = useProject();
  const { data } = useQuery({ ...serversQuery(project), enabled: project !== "" && server !== "" });
  return (data?.find(({ name }) => name === server)?.tools ?? []).map(({ name }) => name);
}

/** The project of the workflow that is edited; empty while it is not known. */
function useProject(): string {
  const { workflowId } = useEditorStore().getState();
  const { data } = useQuery(workflowQuery(workflowId));
  return data?.projectId ?? "";
}

/** The context variables of another workflow, as it is published or else saved last; none while it is not known. */
export function useVariablesOf(workflowId: string) {
  const { data: workflow } = useQuery({ ...workflowQuery(workflowId), enabled: workflowId !== "", retry: false });
  const number = workflow?.publishedVersion ?? workflow?.latestVersion ?? 0;
  const { data: version } = useQuery({ ...versionQuery(workflowId, number), enabled: number > 0 });
  return version?.graph.inputs ?? [];
}

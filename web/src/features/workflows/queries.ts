import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { client, take } from "../../api/client";
import { queryClient } from "../../api/queries";
import type { Workflow } from "../../api/types";
import type { WorkflowFilters } from "../../routes/search";
import { t } from "../../texts";
import { tellDone, tellFailure } from "../../ui/failures";

const LOOK_AGAIN_MS = 15_000;

interface Wanted extends WorkflowFilters {
  /** The project whose workflows are wanted. */
  project: string;
}

/** A project's workflows with how they last ran, newest first. */
export function workflowsQuery({ project, search, archived }: Wanted) {
  return infiniteQueryOptions({
    queryKey: ["workflows", "list", { project, search, archived }],
    queryFn: ({ pageParam }) =>
      take(client.GET("/api/v1/workflows", { params: { query: { project, search, archived, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
  });
}

/** One workflow with how it last ran. */
export function workflowQuery(id: string) {
  return queryOptions({
    queryKey: ["workflows", "one", id],
    queryFn: () => take(client.GET("/api/v1/workflows/{workflow_id}", { params: { path: { workflow_id: id } } })),
  });
}

/** One version of a workflow: its file and what it means. A version never changes. */
export function versionQuery(id: string, number: number) {
  return queryOptions({
    queryKey: ["workflows", "version", id, number],
    queryFn: () =>
      take(
        client.GET("/api/v1/workflows/{workflow_id}/versions/{number}", {
          params: { path: { workflow_id: id, number } },
        }),
      ),
    staleTime: Infinity,
  });
}

/** Workflows to begin with. */
export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: () => take(client.GET("/api/v1/templates")),
  staleTime: Infinity,
});

/** What is read of workflows is read anew. */
export function refreshWorkflows(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ["workflows"] });
}

/** Make a workflow of a file, and go to its editor. The dialogs show failures themselves: they are about the file. */
export function useCreateWorkflow(project: string) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ source, publish }: { source: string; publish: boolean }) =>
      take(client.POST("/api/v1/workflows", { body: { source, publish, projectId: project } })),
    onSuccess: async ({ id }) => {
      await navigate({ to: "/workflows/$workflowId", params: { workflowId: id } });
      void refreshWorkflows();
    },
  });
}

/** Copy a workflow. */
export function useDuplicate() {
  return useMutation({
    mutationFn: ({ id }: Workflow) =>
      take(
        client.POST("/api/v1/workflows/{workflow_id}/duplicate", { params: { path: { workflow_id: id } }, body: {} }),
      ),
    onSuccess: (made) => {
      tellDone(t.workflows.duplicated(made.name));
      return refreshWorkflows();
    },
    onError: tellFailure,
  });
}

/** Put a workflow away, or take one that is away out again. */
export function useArchive() {
  return useMutation({
    mutationFn: ({ id, archivedAt }: Workflow) =>
      take(
        client.PATCH("/api/v1/workflows/{workflow_id}", {
          params: { path: { workflow_id: id } },
          body: { archived: archivedAt === null },
        }),
      ),
    onSuccess: ({ name, archivedAt }) => {
      tellDone(archivedAt === null ? t.workflows.restoredOne(name) : t.workflows.archivedOne(name));
      return refreshWorkflows();
    },
    onError: tellFailure,
  });
}

/** Delete a workflow with the record of its runs. */
export function useDelete() {
  return useMutation({
    mutationFn: ({ id }: Workflow) =>
      take(
        client.DELETE("/api/v1/workflows/{workflow_id}", {
          params: { path: { workflow_id: id }, query: { withExecutions: true } },
        }),
      ),
    onSuccess: (_, { name }) => {
      tellDone(t.workflows.deleted(name));
      return refreshWorkflows();
    },
    onError: tellFailure,
  });
}

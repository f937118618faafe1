import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  replaceEqualDeep,
  useMutation,
} from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { client, take } from "../../api/client";
import { queryClient } from "../../api/queries";
import type { Execution, ExecutionSummary } from "../../api/types";
import type { RunFilters } from "../../routes/search";
import { t } from "../../texts";
import { tellDone, tellFailure } from "../../ui/failures";
import { isLive } from "../../ui/status";
import { versionQuery } from "../workflows/queries";

const LIVE_MS = 2_000;
const QUIET_MS = 8_000;

interface Wanted extends RunFilters {
  project: string;
}

/** A project's runs, newest first; looked at often while one of them is under way. */
export function runsQuery({ project, workflow, status, trigger, preview }: Wanted) {
  return infiniteQueryOptions({
    queryKey: ["runs", "list", { project, workflow, status, trigger, preview }],
    queryFn: ({ pageParam }) =>
      take(
        client.GET("/api/v1/executions", {
          params: { query: { project, workflow, status, trigger, preview, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => anyLive(page.items)) ? LIVE_MS : QUIET_MS),
  });
}

function anyLive(runs: ExecutionSummary[]): boolean {
  return runs.some(({ status }) => isLive(status));
}

/** One run with its blocks. */
export function runQuery(id: string) {
  return queryOptions({
    queryKey: ["runs", "one", id],
    queryFn: () => take(client.GET("/api/v1/executions/{execution_id}", { params: { path: { execution_id: id } } })),
    // An answer can be overtaken by what the watcher was sent meanwhile, and must not undo it.
    structuralSharing: (known, came) =>
      replaceEqualDeep(known, newerRun(known as Execution | undefined, came as Execution)),
  });
}

/** The later one of two states of a run. */
export function newerRun(known: Execution | undefined, came: Execution): Execution {
  return known && known.revision > came.revision ? known : came;
}

/** Where the callback of a waiting block is sent to. It never changes. */
export function callbackQuery(runId: string, key: string) {
  return queryOptions({
    queryKey: ["runs", "callback", runId, key],
    queryFn: () =>
      take(
        client.GET("/api/v1/executions/{execution_id}/blocks/{block_key}/callback", {
          params: { path: { execution_id: runId, block_key: key } },
        }),
      ),
    staleTime: Infinity,
  });
}

/** What the next run of a workflow will probably cost and take. */
export function estimateQuery(workflowId: string) {
  return queryOptions({
    queryKey: ["runs", "estimate", workflowId],
    queryFn: () =>
      take(client.GET("/api/v1/workflows/{workflow_id}/estimate", { params: { path: { workflow_id: workflowId } } })),
  });
}

/** The version of its workflow that a run runs. A version never changes. */
export function versionOfRunQuery({ workflowId, workflowVersionId }: Execution) {
  return queryOptions({
    queryKey: ["workflows", "version of run", workflowVersionId],
    queryFn: async () =>
      queryClient.ensureQueryData(versionQuery(workflowId, await versionNumber(workflowId, workflowVersionId))),
    staleTime: Infinity,
  });
}

/** A run knows its version by id, and versions are asked for by number. */
async function versionNumber(workflowId: string, versionId: string): Promise<number> {
  let cursor: string | undefined;
  do {
    const page = await take(
      client.GET("/api/v1/workflows/{workflow_id}/versions", {
        params: { path: { workflow_id: workflowId }, query: { limit: 200, cursor } },
      }),
    );
    const found = page.items.find(({ id }) => id === versionId);
    if (found) return found.number;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  throw new Error(`workflow ${workflowId} has no version ${versionId}`);
}

/** Keep what a watcher was sent, unless something newer is there. */
export function keepRun(run: Execution): void {
  queryClient.setQueryData(runQuery(run.id).queryKey, (known) => newerRun(known, run));
}

interface StartWish {
  workflowId: string;
  inputs: Record<string, string>;
  /** A saved version; the published one when absent. */
  version?: number;
  preview?: boolean;
}

/** Start a workflow by hand; the new run's id. */
export function startRun({
  workflowId,
  inputs,
  version,
  preview = false,
}: StartWish): Promise<{ executionId: string }> {
  return take(
    client.POST("/api/v1/workflows/{workflow_id}/executions", {
      params: { path: { workflow_id: workflowId } },
      body: { inputs, version, preview },
    }),
  );
}

/** Start the same version with the same variables, and go to the new run. */
export function useRunAgain() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (id: string) =>
      take(client.POST("/api/v1/executions/{execution_id}/rerun", { params: { path: { execution_id: id } } })),
    onSuccess: async ({ executionId }) => {
      tellDone(t.runs.one.againDone);
      await navigate({ to: "/runs/$executionId", params: { executionId } });
    },
    onError: tellFailure,
  });
}

/** Cancel a run. */
export function useCancelRun() {
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      take(
        client.POST("/api/v1/executions/{execution_id}/cancel", {
          params: { path: { execution_id: id } },
          body: { reason },
        }),
      ),
    onSuccess: keepRun,
    onError: tellFailure,
  });
}

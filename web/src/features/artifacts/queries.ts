import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";

import { client, take } from "../../api/client";
import { queryClient } from "../../api/queries";
import type { components } from "../../api/schema";
import { t } from "../../texts";
import { messageOf, tellDone, tellFailure, tellProblem } from "../../ui/failures";

export type Artifact = components["schemas"]["ArtifactOut"];

export type Origin = "all" | "uploaded" | "saved";

const ORIGINS = { all: undefined, uploaded: true, saved: false };

/** Files of a project, newest first. */
export function filesQuery(project: string, name: string, origin: Origin) {
  return infiniteQueryOptions({
    queryKey: ["files", "list", { project, name, origin }],
    queryFn: ({ pageParam }) =>
      take(
        client.GET("/api/v1/artifacts", {
          params: { query: { project, name: name || undefined, uploaded: ORIGINS[origin], cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** What the blocks of a run saved; asked again whenever another block has completed. */
export function runFilesQuery(execution: string, completedBlocks: number) {
  return infiniteQueryOptions({
    queryKey: ["files", "run", execution, completedBlocks],
    queryFn: ({ pageParam }) =>
      take(client.GET("/api/v1/artifacts", { params: { query: { execution, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The beginning of a file as text. The content of a file never changes. */
export function previewQuery(id: string) {
  return queryOptions({
    queryKey: ["files", "preview", id],
    queryFn: () =>
      take(client.GET("/api/v1/artifacts/{artifact_id}/preview", { params: { path: { artifact_id: id } } })),
    staleTime: Infinity,
  });
}

/** What the organization's files take. */
export const storageQuery = queryOptions({
  queryKey: ["files", "storage"],
  queryFn: () => take(client.GET("/api/v1/storage")),
});

function lookAgain(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ["files"] });
}

/** Uploads files one after another; those that fail are told, and the others go on. */
export function useUpload(project: string) {
  return useMutation({
    mutationFn: async (files: File[]) => {
      let done = 0;
      for (const file of files) {
        try {
          await upload(project, file);
          done += 1;
        } catch (error) {
          tellProblem(t.files.notUploaded(file.name, messageOf(error)));
        }
      }
      if (done > 0) tellDone(t.files.uploaded(done));
    },
    onSettled: lookAgain,
  });
}

function upload(project: string, file: File): Promise<unknown> {
  return take(
    client.POST("/api/v1/artifacts", {
      params: { query: { name: file.name, project } },
      // The body is the file itself; its description calls binary text.
      body: file as unknown as string,
      bodySerializer: (body) => body,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );
}

/** Deletes a file. */
export function useDeleteFile() {
  return useMutation({
    mutationFn: (id: string) =>
      take(client.DELETE("/api/v1/artifacts/{artifact_id}", { params: { path: { artifact_id: id } } })),
    onSuccess: () => tellDone(t.files.deleted),
    onError: (error) => tellFailure(error),
    onSettled: lookAgain,
  });
}

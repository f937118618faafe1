import { queryOptions, useMutation } from "@tanstack/react-query";

import { client, take } from "../../api/client";
import { queryClient } from "../../api/queries";
import type { components } from "../../api/schema";
import { tellFailure } from "../../ui/failures";

export type McpServer = components["schemas"]["McpServerOut"];
export type McpServerWish = components["schemas"]["McpServerIn"];

/** A project's MCP servers, by name. */
export function mcpServersQuery(project: string) {
  return queryOptions({
    queryKey: ["mcp servers", project],
    queryFn: () => take(client.GET("/api/v1/mcp-servers", { params: { header: { "X-Runwright-Project": project } } })),
  });
}

function forget(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ["mcp servers"] });
}

/** Register a server, or change one whole. Secrets are kept in no cache. */
export function useSaveMcpServer(project: string, id?: string) {
  const header = { "X-Runwright-Project": project };
  return useMutation({
    mutationFn: (body: McpServerWish) =>
      id === undefined
        ? take(client.POST("/api/v1/mcp-servers", { params: { header }, body }))
        : take(client.PUT("/api/v1/mcp-servers/{server_id}", { params: { header, path: { server_id: id } }, body })),
    onSuccess: forget,
    gcTime: 0,
  });
}

/** Take a server away with its secrets. */
export function useRemoveMcpServer(project: string) {
  return useMutation({
    mutationFn: (id: string) =>
      take(
        client.DELETE("/api/v1/mcp-servers/{server_id}", {
          params: { header: { "X-Runwright-Project": project }, path: { server_id: id } },
        }),
      ),
    onSuccess: forget,
    onError: tellFailure,
  });
}

/** Connect to a server and ask for its tools. */
export function useTestMcpServer(project: string) {
  return useMutation({
    mutationFn: (id: string) =>
      take(
        client.POST("/api/v1/mcp-servers/{server_id}/refresh", {
          params: { header: { "X-Runwright-Project": project }, path: { server_id: id } },
        }),
      ),
    onSuccess: forget,
  });
}

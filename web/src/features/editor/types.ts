import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";

import { client, take } from "../../api/client";
import type { BlockType } from "../../api/types";

/** All block types with their fields. They change with the server's version only. */
export const blockTypesQuery = queryOptions({
  queryKey: ["block-types"],
  queryFn: () => take(client.GET("/api/v1/block-types")),
  staleTime: Infinity,
});

/** The block types by their word in the file. */
export function useBlockTypes(): ReadonlyMap<string, BlockType> {
  return useSuspenseQuery({ ...blockTypesQuery, select: byName }).data;
}

function byName(types: BlockType[]): ReadonlyMap<string, BlockType> {
  return new Map(types.map((type) => [type.type, type]));
}

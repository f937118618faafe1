import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { client, take } from "../../api/client";
import type { components } from "../../api/schema";
import type { BlockRun, Execution, Status } from "../../api/types";
import { isLive } from "../../ui/status";

const LOOK_AGAIN_MS = 2_000;
const PIECE = 50;

export type Item = components["schemas"]["ItemOut"];

/** How far the items of a block are, as it said itself while it ran. */
export interface Heard {
  total: number;
  completed: number;
  failed: number;
  running: number;
}

/** How far the items of a block are. */
export interface ItemProgress extends Omit<Heard, "total"> {
  /** null: not known, since nobody listened when it was said. */
  total: number | null;
}

/** How far a block's items are, by what is stored and by what it said; null when it has none. */
export function progressOf(block: Pick<BlockRun, "status" | "items">, heard: Heard | undefined): ItemProgress | null {
  const { items } = block;
  if (items === null) return isLive(block.status) ? (heard ?? null) : null;
  if (!isLive(block.status)) {
    const settled = items.completed + items.failed;
    // Only when a block went through its whole list is what is stored the list.
    return { ...items, running: 0, total: block.status === "completed" ? settled : (heard?.total ?? null) };
  }
  const newer = heard && heard.completed + heard.failed >= items.completed + items.failed;
  return newer ? heard : { ...items, total: heard?.total ?? null };
}

/** What a block said of its items; undefined when it is not that. */
export function heardItems(data: Readonly<Record<string, unknown>>): Heard | undefined {
  const { total, completed, failed, running } = data;
  const numbers = [total, completed, failed, running];
  return numbers.every((number) => typeof number === "number")
    ? ({ total, completed, failed, running } as Heard)
    : undefined;
}

/** What a request or call belongs to is written before its name: `7/model/1`, `7:1`. */
export function isOfItem(name: string, item: number): boolean {
  return name.startsWith(`${item}/`) || name.startsWith(`${item}:`);
}

/** The item that a request or call of a block belongs to; null when it is the block's own. */
export function itemOf(name: string): number | null {
  const found = /^(\d+)[/:]/.exec(name)?.[1];
  return found === undefined ? null : Number(found);
}

interface Wanted {
  run: Pick<Execution, "id">;
  block: Pick<BlockRun, "key" | "round" | "status">;
  /** Only those in this status. */
  status: Status | null;
  /** Where the piece before ended. */
  cursor: string | undefined;
}

/** A piece of the list of a block's items. */
export function itemsQuery({ run, block, status, cursor }: Wanted) {
  const live = isLive(block.status);
  return queryOptions({
    queryKey: ["runs", "items", run.id, block.key, block.round, { live, status, cursor }],
    queryFn: () =>
      take(
        client.GET("/api/v1/executions/{execution_id}/blocks/{key}/items", {
          params: {
            path: { execution_id: run.id, key: block.key },
            query: { limit: PIECE, cursor, status: status === null ? undefined : [status] },
          },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: live ? LOOK_AGAIN_MS : false,
  });
}

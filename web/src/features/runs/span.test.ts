import { describe, expect, it } from "vitest";

import { spanOf } from "./span";

const at = (second: number) => new Date(Date.UTC(2026, 2, 16, 0, 0, second)).toISOString();
const run = { startedAt: at(0), finishedAt: at(10), updatedAt: at(10) };

describe("spanOf", () => {
  it("places a block on the line of its run", () => {
    expect(spanOf({ startedAt: at(2), finishedAt: at(5), status: "completed" }, run)).toEqual({ start: 20, width: 30 });
  });

  it("shows an instant block at all, even at the very end", () => {
    expect(spanOf({ startedAt: at(10), finishedAt: at(10), status: "completed" }, run)).toEqual({
      start: 99,
      width: 1,
    });
  });

  it("lets a running block reach to the present end", () => {
    const live = { startedAt: at(0), finishedAt: null, updatedAt: at(4) };
    expect(spanOf({ startedAt: at(1), finishedAt: null, status: "running" }, live)).toEqual({ start: 25, width: 75 });
  });

  it("is nothing for a block that has not begun", () => {
    expect(spanOf({ startedAt: null, finishedAt: null, status: "pending" }, run)).toBeNull();
  });
});

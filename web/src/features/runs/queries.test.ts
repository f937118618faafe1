import { describe, expect, it } from "vitest";

import type { Execution } from "../../api/types";
import { newerRun } from "./queries";

function run(revision: number, status: Execution["status"]): Execution {
  return { id: "one", revision, status } as Execution;
}

describe("newerRun", () => {
  it("keeps what is known when an answer comes late", () => {
    expect(newerRun(run(3, "completed"), run(2, "running")).status).toBe("completed");
  });

  it("takes what is as new, since items and requests change within a revision", () => {
    const came = run(3, "running");
    expect(newerRun(run(3, "running"), came)).toBe(came);
    expect(newerRun(undefined, came)).toBe(came);
  });
});

import { describe, expect, it } from "vitest";

import { estimateOf } from "./estimating";

const few = { runs: 3, typicalCost: "0.12", highCost: "0.30", typicalSeconds: 40, highSeconds: 75 };

describe("estimateOf", () => {
  it("says what is usual, and by how many runs", () => {
    expect(estimateOf(few)).toBe("Usually $0.12 and 40 s, by the last 3 runs.");
    expect(estimateOf({ ...few, runs: 1 })).toBe("Usually $0.12 and 40 s, by the last run.");
  });

  it("leaves out a cost that is none", () => {
    expect(estimateOf({ ...few, typicalCost: "0.00" })).toBe("Usually 40 s, by the last 3 runs.");
  });

  it("says what is seldom exceeded when there are runs enough", () => {
    expect(estimateOf({ ...few, runs: 20 })).toBe(
      "Usually $0.12 and 40 s, seldom more than $0.30 and 1 min 15 s, by the last 20 runs.",
    );
  });

  it("says nothing without runs", () => {
    expect(
      estimateOf({ runs: 0, typicalCost: null, highCost: null, typicalSeconds: null, highSeconds: null }),
    ).toBeNull();
  });
});

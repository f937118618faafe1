import { describe, expect, it } from "vitest";

import { ago, duration, elapsed } from "./time";

const NOW = Date.parse("2026-03-16T12:00:00.000Z");

describe("duration", () => {
  it.each([
    [0, "under 1 ms"],
    [1, "1 ms"],
    [840, "840 ms"],
    [2_449, "2.4 s"],
    [59_999, "59 s"],
    [185_000, "3 min 5 s"],
    [7_800_000, "2 h 10 min"],
  ])("says %d ms as %s", (milliseconds, words) => {
    expect(duration(milliseconds)).toBe(words);
  });

  it("never goes below nothing, since clocks differ", () => {
    expect(duration(-30)).toBe("under 1 ms");
  });
});

describe("ago", () => {
  it.each([
    ["2026-03-16T11:59:48.000Z", "12 seconds ago"],
    ["2026-03-16T11:57:00.000Z", "3 minutes ago"],
    ["2026-03-16T14:00:00.000Z", "in 2 hours"],
    ["2026-03-15T12:00:00.000Z", "yesterday"],
    ["2025-01-01T12:00:00.000Z", "Jan 1, 2025"],
  ])("says %s as %s", (moment, words) => {
    expect(ago(moment, NOW)).toBe(words);
  });
});

describe("elapsed", () => {
  it("counts up to now while the end is open", () => {
    expect(elapsed("2026-03-16T11:59:00.000Z", null, NOW)).toBe("1 min 0 s");
  });

  it("is nothing for what has not begun", () => {
    expect(elapsed(null, null, NOW)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";

import { readLines, readPairs } from "./lines";

describe("readPairs", () => {
  it("reads headers and variables", () => {
    expect(readPairs("X-Key: a: b\n\n X-Other:c", ":").pairs).toEqual({ "X-Key": "a: b", "X-Other": "c" });
    expect(readPairs("TOKEN=a=b", "=").pairs).toEqual({ TOKEN: "a=b" });
  });

  it("tells the line that is wrong, but not a whole secret", () => {
    expect(readPairs("no separator here at all", ":").wrong).toBe("no separator…");
    expect(readPairs("TOKEN=", "=").wrong).toBe("TOKEN=…");
    expect(readPairs("=value", "=").wrong).toBe("=value…");
  });
});

describe("readLines", () => {
  it("passes over empty lines", () => {
    expect(readLines(" -m \n\n server")).toEqual(["-m", "server"]);
  });
});

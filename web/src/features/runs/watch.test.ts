import { describe, expect, it } from "vitest";

import { heard } from "./watch";

describe("heard", () => {
  it("puts the pieces of an answer together, block by block", () => {
    const events = [
      { key: "a", kind: "text", data: { delta: "Hel" } },
      { key: "b", kind: "log", data: { text: "one\n" } },
      { key: "a", kind: "text", data: { delta: "lo" } },
    ];
    expect(events.reduce(heard, {})).toEqual({ a: { text: "Hello", log: "" }, b: { text: "", log: "one\n" } });
  });

  it("passes over kinds it does not know", () => {
    expect(heard({}, { key: "a", kind: "request", data: { url: "https://example.com" } })).toEqual({});
  });
});

import { describe, expect, it } from "vitest";

import { heard } from "./watch";

describe("heard", () => {
  it("puts the pieces of an answer together, block by block", () => {
    const events = [
      { key: "a", kind: "text", data: { request: 1, offset: 0, delta: "Hel" } },
      { key: "b", kind: "log", data: { text: "one\n" } },
      { key: "a", kind: "text", data: { request: 1, offset: 3, delta: "lo" } },
      { key: "b", kind: "tool", data: { call: 1, tool: "add", arguments: { a: 1 } } },
      { key: "b", kind: "tool", data: { call: 1, tool: "add", result: "1" } },
    ];
    expect(events.reduce(heard, {})).toMatchObject({
      a: { text: "Hello", log: "" },
      b: { text: "", log: 'one\nCalls add {"a":1}\n' },
    });
  });

  it("keeps how far the items of a block are, and not what each of them says", () => {
    const events = [
      { key: "m", kind: "items", data: { total: 3, completed: 1, failed: 0, running: 2 } },
      { key: "m", kind: "text", data: { request: 1, offset: 0, delta: "Hel", item: 1 } },
      { key: "m", kind: "items", data: { total: 3, completed: 2, failed: 0, running: 1 } },
    ];
    expect(events.reduce(heard, {})).toMatchObject({ m: { text: "", items: { total: 3, completed: 2 } } });
  });

  it("passes over kinds it does not know", () => {
    expect(heard({}, { key: "a", kind: "request", data: { url: "https://example.com" } })).toEqual({});
  });
});

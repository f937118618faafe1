import { describe, expect, it } from "vitest";

import { heardItems, isOfItem, itemOf, progressOf } from "./mapItems";

const stored = { completed: 3, failed: 1, running: 2 };

describe("progressOf", () => {
  it("takes the newer of what is stored and what was said", () => {
    const said = { total: 10, completed: 5, failed: 1, running: 2 };
    expect(progressOf({ status: "running", items: stored }, said)).toEqual(said);
    const before = { ...said, completed: 1, failed: 0 };
    expect(progressOf({ status: "running", items: stored }, before)).toEqual({ ...stored, total: 10 });
  });

  it("knows the length of a list that was gone through", () => {
    expect(progressOf({ status: "completed", items: stored }, undefined)).toMatchObject({ total: 4, running: 0 });
    expect(progressOf({ status: "failed", items: stored }, undefined)).toMatchObject({ total: null, running: 0 });
  });

  it("is nothing for a block without items", () => {
    expect(progressOf({ status: "running", items: null }, undefined)).toBeNull();
  });
});

describe("heardItems", () => {
  it("takes counts and nothing else", () => {
    expect(heardItems({ total: 2, completed: 1, failed: 0, running: 1 })).toMatchObject({ total: 2 });
    expect(heardItems({ total: "2" })).toBeUndefined();
  });
});

describe("names of requests and calls", () => {
  it("tell the item they belong to", () => {
    expect([isOfItem("7/model/1", 7), isOfItem("7:1", 7), isOfItem("71/model/1", 7)]).toEqual([true, true, false]);
    expect([itemOf("12:1"), itemOf("0/model"), itemOf("1"), itemOf("model/1")]).toEqual([12, 0, null, null]);
  });
});

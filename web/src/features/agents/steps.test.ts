import { describe, expect, it } from "vitest";

import { readStep, totalsOf } from "./steps";

type Request = Parameters<typeof readStep>[0];

function request(kind: string, detail: unknown, more: Partial<Request> = {}): Request {
  const empty = { model: null, inputTokens: null, outputTokens: null, cost: null };
  const place = { blockKey: "a", round: 0, attempt: 1, name: `${kind}:1` };
  return { ...place, kind, startedAt: "", finishedAt: "", ...empty, detail, ...more };
}

describe("readStep", () => {
  it("reads what a model answered and which tools it wants", () => {
    const detail = { text: '{"a":1}', calls: [{ tool: "add", arguments: '{"a":1}' }] };
    const step = readStep(request("model", detail, { model: "openai:gpt-5-mini" }));
    expect(step.title).toBe("openai:gpt-5-mini");
    expect(step.text).toBe('{\n  "a": 1\n}');
    expect(step.calls).toEqual([{ tool: "add", arguments: '{"a":1}' }]);
  });

  it("names a tool by its server, or by its workflow", () => {
    const called = { tool: "tracker__add", arguments: {}, result: "3" };
    expect(readStep(request("tool", { ...called, server: "tracker", serverTool: "add" })).title).toBe("tracker · add");
    expect(readStep(request("tool", { ...called, workflow: "Bug triage" })).title).toBe("Bug triage");
    expect(readStep(request("tool", called))).toMatchObject({ title: "tracker__add", arguments: "{}", text: "3" });
  });

  it("lists the tools that were offered", () => {
    expect(readStep(request("tools", { tools: [{ name: "a" }, { name: "b" }] })).offered).toEqual(["a", "b"]);
  });

  it("takes nothing for granted", () => {
    for (const kind of ["model", "tool", "tools", "other"]) expect(readStep(request(kind, null)).text).toBe("");
  });
});

describe("totalsOf", () => {
  it("adds up, and knows no total without every price", () => {
    const paid = request("model", {}, { model: "m", inputTokens: 10, outputTokens: 2, cost: "0.0015" });
    const free = request("model", {}, { model: "m", inputTokens: 1, outputTokens: 1, cost: null });
    const tool = request("tool", {});
    expect(totalsOf([paid, tool, paid])).toEqual({ requests: 2, calls: 1, input: 20, output: 4, cost: "0.003" });
    expect(totalsOf([paid, free]).cost).toBeNull();
  });
});

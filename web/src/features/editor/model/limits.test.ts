import { describe, expect, it } from "vitest";

import { applied, setField } from "./commands";
import { setLimit } from "./limits";
import { readWorkflow } from "./workflow";

const BARE = `version: 1
name: Spends
inputs:
  topic: {required: true} # asked for
blocks:
  first: {type: agent, prompt: "{{ topic }}"}
`;
const LIMITED = BARE.replace(
  "blocks:",
  'limits: {cost: 0.50, cheaper_model: "openai:gpt-5-nano"} # a person is asked\nblocks:',
);

describe("limits", () => {
  it("are read as they are written", () => {
    expect(readWorkflow(LIMITED).workflow.limits).toEqual({ cost: "0.5", cheaperModel: "openai:gpt-5-nano" });
    expect(readWorkflow(BARE).workflow.limits).toEqual({ cost: "", cheaperModel: "" });
    expect(readWorkflow(`${BARE}limits: lots\n`).workflow.limits).toEqual({ cost: "", cheaperModel: "" });
  });

  it("stay when something else is changed", () => {
    expect(applied(LIMITED, setField("first", ["prompt"], "other"))).toBe(LIMITED.replace("{{ topic }}", "other"));
  });

  it("are written before the blocks", () => {
    expect(applied(BARE, setLimit("cost", 2))).toBe(BARE.replace("blocks:", "limits: {cost: 2}\nblocks:"));
  });

  it("change in one place only", () => {
    expect(applied(LIMITED, setLimit("cost", 1.25))).toBe(LIMITED.replace("0.50", "1.25"));
    expect(applied(LIMITED, setLimit("cheaper_model", "demo:demo"))).toBe(
      LIMITED.replace("openai:gpt-5-nano", "demo:demo"),
    );
  });

  it("go away with the last of them", () => {
    const cost = applied(LIMITED, setLimit("cheaper_model", undefined));
    expect(cost).toContain("limits: {cost: 0.50}");
    expect(readWorkflow(applied(cost, setLimit("cost", undefined))).document.has("limits")).toBe(false);
  });
});

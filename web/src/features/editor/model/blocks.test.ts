import { describe, expect, it } from "vitest";

import type { BlockType, Problem } from "../../../api/types";
import { copied, duplicated, freshKey, pasted, starter, summaryOf } from "./blocks";
import { applied } from "./commands";
import { linkId, linksOf, upstreamOf, wouldCircle } from "./graph";
import { layOut, placed } from "./layout";
import { lookupsFor, withLookup } from "./lookups";
import { messagesAt, placeOf } from "./problems";
import { readWorkflow } from "./workflow";

const FILE = `version: 1
name: Chain
inputs:
  topic: {description: What it is about}
blocks:
  first:
    type: agent
    prompt: "About {{ topic }}" # short
    output: {type: object, properties: {title: {type: string}}}
  second:
    type: template
    needs: [first]
    text: "{{ blocks.first.output.title }}"
  third:
    type: output
    needs: [second, first]
    value: "{{ blocks.second.output }}"
`;
const { workflow } = readWorkflow(FILE);

function type(fields: Partial<BlockType>): BlockType {
  return {
    type: "template",
    title: "Template",
    description: "",
    icon: "template",
    hasBranches: false,
    jsonSchema: { properties: { text: { type: "string" } }, required: ["text"] },
    texts: {},
    ...fields,
  };
}

describe("keys", () => {
  it("are made to fit, and stay unique", () => {
    expect(freshKey("Fetch Commits!", [])).toBe("fetch-commits");
    expect(freshKey("agent", ["agent", "agent-2"])).toBe("agent-3");
    expect(freshKey("日本", [])).toBe("block");
  });
});

describe("new blocks", () => {
  it("begin with what they cannot be without", () => {
    expect(starter(type({}))).toEqual({ type: "template", text: "" });
    const condition = type({ type: "condition", hasBranches: true, jsonSchema: { required: ["branches"] } });
    expect(starter(condition).branches).toEqual({ first: "true", else: true });
    const output = type({ type: "output", jsonSchema: { required: ["value"] } });
    expect(starter(output, "first").value).toBe("{{ blocks.first.output }}");
  });
});

describe("copying", () => {
  it("gives the chosen blocks as YAML text, comments and all", () => {
    expect(copied(FILE, ["second"])).toBe(
      'blocks:\n  second:\n    type: template\n    needs: [first]\n    text: "{{ blocks.first.output.title }}"\n',
    );
    expect(copied(FILE, ["first"])).toContain("# short");
  });

  it("pastes with fresh keys that keep their connections", () => {
    const paste = duplicated(FILE, ["first", "second"], workflow);
    expect(paste?.keys).toEqual(["first-2", "second-2"]);
    const text = applied(FILE, paste?.command ?? (() => undefined));
    const second = readWorkflow(text).workflow.blocks.find((block) => block.key === "second-2");
    expect(second?.needs).toEqual([{ key: "first-2", branch: null }]);
    expect(second?.fields.text).toBe("{{ blocks.first-2.output.title }}");
  });

  it("takes a whole workflow, a mapping of blocks, or one block", () => {
    expect(pasted(FILE, workflow)?.keys).toHaveLength(3);
    expect(pasted("a: {type: wait, seconds: 1}", workflow)?.keys).toEqual(["a"]);
    expect(pasted("type: wait\nname: Have a break\nseconds: 1", workflow)?.keys).toEqual(["have-a-break"]);
  });

  it("makes nothing of other texts", () => {
    expect(pasted("hello", workflow)).toBeNull();
    expect(pasted("a: 1", workflow)).toBeNull();
    expect(pasted("{", workflow)).toBeNull();
  });

  it("drops needs of blocks that are not there", () => {
    const paste = pasted("a: {type: wait, needs: [gone, first], seconds: 1}", workflow);
    const text = applied(FILE, paste?.command ?? (() => undefined));
    expect(readWorkflow(text).workflow.blocks.at(-1)?.needs).toEqual([{ key: "first", branch: null }]);
  });
});

describe("the graph", () => {
  it("knows links, what is upstream and what would go in a circle", () => {
    expect(linksOf(workflow.blocks).map(linkId)).toEqual(["first.>second", "second.>third", "first.>third"]);
    expect(upstreamOf(workflow.blocks, "third")).toEqual(["second", "first"]);
    expect(wouldCircle(workflow.blocks, "third", "first")).toBe(true);
    expect(wouldCircle(workflow.blocks, "first", "third")).toBe(false);
  });

  it("is laid out from left to right, nothing upon another", () => {
    const positions = layOut(workflow.blocks);
    const [first, second, third] = ["first", "second", "third"].map((key) => positions[key]?.x ?? 0);
    expect(first).toBeLessThan(second ?? 0);
    expect(second).toBeLessThan(third ?? 0);
  });

  it("leaves what has a place there, and finds one for what has none", () => {
    const known = { first: { x: 10, y: 20 }, second: { x: 500, y: 20 } };
    const positions = placed(workflow.blocks, known);
    expect(positions).toMatchObject(known);
    expect(positions.third?.x).toBeGreaterThan(500);
  });

  it("lays out two hundred blocks in a blink", () => {
    const blocks = Array.from({ length: 200 }, (_, at) => ({
      key: `b${at}`,
      type: "template",
      name: `b${at}`,
      needs: at < 4 ? [] : [{ key: `b${at - 4}`, branch: null }],
      branches: [],
      disabled: false,
      fields: {},
    }));
    expect(Object.keys(layOut(blocks))).toHaveLength(200);
  });
});

describe("look-ups", () => {
  it("are what is upstream, with the fields of structured answers, and the variables", () => {
    const names = lookupsFor(workflow, "second").map((lookup) => lookup.name);
    expect(names).toEqual(expect.arrayContaining(["blocks.first.output", "blocks.first.output.title", "topic"]));
    expect(names).not.toContain("blocks.third.output");
  });

  it("are written in braces in texts, bare in conditions", () => {
    const place = { from: 2, to: 2, condition: false };
    expect(withLookup("a b", "topic", place)).toEqual({ text: "a {{ topic }}b", caret: 13 });
    expect(withLookup("", "topic", { from: 0, to: 0, condition: true }).text).toBe("topic");
  });
});

describe("problems", () => {
  const problem: Problem = { line: 3, column: 1, path: "blocks.my-block.retry.attempts", message: "too many" };

  it("are found at their field and at what it is in", () => {
    expect(placeOf(problem)).toEqual({ block: "my-block", field: "retry.attempts" });
    expect(messagesAt([problem], "my-block", "retry")).toEqual(["too many"]);
    expect(messagesAt([problem], "my-block", "retry.backoff")).toEqual([]);
    expect(placeOf({ ...problem, path: "blocks.a" })).toEqual({ block: "a", field: "" });
    expect(placeOf({ ...problem, path: "inputs.tag" })).toEqual({ block: null, field: "inputs.tag" });
  });
});

describe("the line of what a block does", () => {
  it("is its description, or the beginning of its text", () => {
    const [first] = workflow.blocks;
    if (!first) throw new Error("no block");
    expect(summaryOf(first)).toBe("About {{ topic }}");
    expect(summaryOf({ ...first, fields: { description: "What\nit does" } })).toBe("What it does");
  });
});

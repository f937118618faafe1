import { describe, expect, it } from "vitest";

import * as commands from "./commands";
import { readWorkflow, textOf } from "./workflow";

const FILE = `# What it is for.
version: 1
name: Routing
inputs:
  subject: {description: The subject, required: true} # asked for
  urgency: {default: "3"}
blocks:
  # The first look.
  route:
    type: condition
    branches:
      urgent: "urgency | int >= 8 or 'urgency' in (subject | lower)"
      else: true
  page:
    type: template
    needs: [route.urgent]
    text: "Page: {{ subject }}"
  queue:
    type: template
    needs: [route.else]
    text: |
      Queue it: {{ subject }}

      subject stays
  result:
    type: output
    needs: [page, queue]
    value: "{{ blocks.page.output }}{{ blocks.queue.output }}"
triggers:
  api: {enabled: true, concurrency: parallel}
`;

function block(text: string, key: string) {
  const found = readWorkflow(text).workflow.blocks.find((one) => one.key === key);
  if (!found) throw new Error(`no block ${key}`);
  return found;
}

function changed(command: commands.Command, text = FILE): string {
  return commands.applied(text, command);
}

describe("a workflow file", () => {
  it("comes out as it went in", () => {
    expect(textOf(readWorkflow(FILE).document)).toBe(FILE);
  });

  it("tells where it is no YAML", () => {
    expect(readWorkflow("a: [1\nb: 2").problems[0]?.line).toBeGreaterThan(0);
  });

  it("changes in one place only when one field is set", () => {
    const text = changed(commands.setField("page", ["text"], "Call: {{ subject }}"));
    expect(text).toBe(FILE.replace("Page: {{ subject }}", "Call: {{ subject }}"));
  });

  it("takes a text of several lines, and back", () => {
    const text = changed(commands.setField("page", ["text"], "one\ntwo"));
    expect(text).toContain("text: |-\n      one\n      two\n");
    expect(block(changed(commands.setField("page", ["text"], "one"), text), "page").fields.text).toBe("one");
  });

  it("makes and removes nested fields", () => {
    const text = changed(commands.setField("page", ["retry", "attempts"], 3));
    expect(block(text, "page").fields.retry).toEqual({ attempts: 3 });
    expect(changed(commands.setField("page", ["retry", "attempts"], undefined), text)).toBe(FILE);
  });
});

describe("blocks", () => {
  it("are added behind another, with their needs on one line", () => {
    const text = changed(commands.addBlock("note", { type: "template", needs: ["page"], text: "" }, "page"));
    expect(readWorkflow(text).workflow.blocks.map((one) => one.key)).toEqual([
      "route",
      "page",
      "note",
      "queue",
      "result",
    ]);
    expect(text).toContain("    needs: [page]\n");
  });

  it("are removed with the needs that name them", () => {
    const text = changed(commands.removeBlocks(["page"]));
    expect(block(text, "result").needs).toEqual([{ key: "queue", branch: null }]);
    expect(block(changed(commands.removeBlocks(["queue"]), text), "result").fields).not.toHaveProperty("needs");
  });

  it("can be added to a workflow without any", () => {
    const text = changed(commands.addBlock("a", { type: "template", text: "" }), "version: 1\nname: x\nblocks: {}\n");
    expect(text).toBe('version: 1\nname: x\nblocks:\n  a:\n    type: template\n    text: ""\n');
  });

  it("are put between two that are connected", () => {
    const link = { source: "route", branch: "urgent", target: "page" };
    const text = changed(commands.insertBetween(link, "wait", { type: "wait", seconds: 5 }));
    expect(block(text, "wait").needs).toEqual([{ key: "route", branch: "urgent" }]);
    expect(block(text, "page").needs).toEqual([{ key: "wait", branch: null }]);
  });

  it("are connected whole or by branches, never both", () => {
    const both = changed(commands.connect("route", "else", "page"));
    expect(block(both, "page").needs).toHaveLength(2);
    const whole = changed(commands.connect("route", null, "page"), both);
    expect(block(whole, "page").needs).toEqual([{ key: "route", branch: null }]);
    const again = changed(commands.connect("route", "else", "page"), whole);
    expect(block(again, "page").needs).toEqual([{ key: "route", branch: "else" }]);
  });

  it("are disconnected", () => {
    const text = changed(commands.disconnect("route", "urgent", "page"));
    expect(block(text, "page").needs).toEqual([]);
    expect(text).not.toContain("[route.urgent]");
  });

  it("are renamed, and called by their key without a name", () => {
    const text = changed(commands.renameBlock("page", "Page somebody"));
    expect(block(text, "page").name).toBe("Page somebody");
    expect(block(changed(commands.renameBlock("page", ""), text), "page").name).toBe("page");
  });

  it("get another key wherever they are named", () => {
    const text = changed(commands.rekeyBlock("page", "call"));
    expect(block(text, "result").needs[0]).toEqual({ key: "call", branch: null });
    expect(block(text, "result").fields.value).toBe("{{ blocks.call.output }}{{ blocks.queue.output }}");
    expect(text).toContain("Page: {{ subject }}");
  });

  it("are switched off and on again without losing their condition", () => {
    const off = changed(commands.setDisabled(["page"], true));
    expect(block(off, "page").disabled).toBe(true);
    expect(changed(commands.setDisabled(["page"], false), off)).toBe(FILE);
    const withCondition = changed(commands.setField("page", ["if"], "subject != ''"));
    const both = changed(commands.setDisabled(["page"], true), withCondition);
    expect(block(both, "page").fields.if).toBe("false and (subject != '')");
    expect(block(changed(commands.setDisabled(["page"], false), both), "page").fields.if).toBe("subject != ''");
  });

  it("move in the order of the file", () => {
    const text = changed(commands.moveBlock("result", -1));
    expect(readWorkflow(text).workflow.blocks.map((one) => one.key)).toEqual(["route", "page", "result", "queue"]);
    expect(changed(commands.moveBlock("result", 1), text)).toBe(FILE);
  });
});

describe("branches", () => {
  it("are renamed in the needs too", () => {
    const text = changed(commands.renameBranch("route", "urgent", "now"));
    expect(block(text, "route").branches).toEqual(["now", "else"]);
    expect(block(text, "page").needs).toEqual([{ key: "route", branch: "now" }]);
  });

  it("are removed with the needs that name them", () => {
    const text = changed(commands.removeBranch("route", "urgent"));
    expect(block(text, "route").branches).toEqual(["else"]);
    expect(block(text, "page").needs).toEqual([]);
  });
});

describe("context variables", () => {
  it("are renamed where they are looked up, not where they are words", () => {
    const text = changed(commands.renameVariable("subject", "title"));
    expect(text).toContain('"Page: {{ title }}"');
    expect(text).toContain("subject stays");
    const route = block(changed(commands.renameVariable("urgency", "level")), "route");
    expect(route.fields.branches).toMatchObject({ urgent: "level | int >= 8 or 'urgency' in (subject | lower)" });
  });

  it("are added, changed and removed", () => {
    const added = changed(commands.setVariable("tag", { description: "A tag", required: true }));
    expect(added).toContain("  tag: {description: A tag, required: true}\n");
    const changedOnce = changed(commands.setVariable("tag", { required: undefined, default: "v1" }), added);
    expect(readWorkflow(changedOnce).workflow.inputs.at(-1)).toEqual({
      name: "tag",
      description: "A tag",
      required: false,
      default: "v1",
    });
    expect(changed(commands.removeVariable("tag"), changedOnce)).toBe(FILE);
  });

  it("make their section, behind the head", () => {
    const text = changed(commands.setVariable("a", {}), "version: 1\nname: x\nblocks: {a: {type: wait}}\n");
    expect(text).toBe("version: 1\nname: x\ninputs:\n  a: {}\nblocks: {a: {type: wait}}\n");
  });
});

describe("the head", () => {
  it("keeps its order", () => {
    const text = changed(commands.setHead("category", "Release"));
    expect(text).toContain("name: Routing\ncategory: Release\ninputs:");
    expect(changed(commands.setHead("category", ""), text)).toBe(FILE);
  });
});

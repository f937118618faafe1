import { expect, test } from "vitest";

import { givenTo } from "./given";
import { readWorkflow } from "./workflow";

const { workflow } = readWorkflow(`
inputs: {tag: {}, tag_name: {}, audience: {}}
blocks:
  size: {type: condition, branches: {big: "tag == '2'", else: true}}
  log: {type: template, text: "{{ audience }}"}
  draft: {type: template, needs: [size.big, log], text: "{{ tag_name }}"}
  send: {type: output, needs: [draft], value: "{{ blocks.draft.output }} {{ blocks.log.output }} {{ trigger.tag }}"}
`);

const named = (key: string) => {
  const { variables, blocks } = givenTo(workflow, key);
  return { variables: variables.map(({ name }) => name), blocks: blocks.map((block) => block.key) };
};

test("a block is given the variables that it names, and no others that look alike", () => {
  expect(named("draft").variables).toEqual(["tag_name"]);
  expect(named("size").variables).toEqual(["tag"]);
  expect(named("send").variables).toEqual([]);
});

test("a block is given what it runs after and what it looks up, but not the branch that leads to it", () => {
  expect(named("draft").blocks).toEqual(["log"]);
  expect(named("send").blocks).toEqual(["log", "draft"]);
  expect(named("size").blocks).toEqual([]);
});

test("a block that does not exist is given nothing", () => {
  expect(named("nothing")).toEqual({ variables: [], blocks: [] });
});

import { describe, expect, it } from "vitest";

import { addBlock, removeBlocks, setField } from "./model/commands";
import { createEditor, isDirty } from "./store";

const FILE = `version: 1
name: Two
blocks:
  a:
    type: template
    text: one
  b:
    type: template
    needs: [a]
    text: two
`;

function opened() {
  return createEditor({ workflowId: "w", saved: { text: FILE, version: 1 }, published: null });
}

describe("the editor", () => {
  it("undoes and does again everything, positions too", () => {
    const store = opened();
    const before = store.getState().positions;
    store.getState().move({ a: { x: 1, y: 2 } });
    store.getState().edit(removeBlocks(["a"]));
    expect(store.getState().workflow.blocks.map((block) => block.key)).toEqual(["b"]);
    store.getState().undo();
    expect(store.getState().text).toBe(FILE);
    expect(store.getState().positions.a).toEqual({ x: 1, y: 2 });
    store.getState().undo();
    expect(store.getState().positions).toEqual(before);
    store.getState().redo();
    store.getState().redo();
    expect(store.getState().workflow.blocks).toHaveLength(1);
  });

  it("undoes typing in one field as one step", () => {
    const store = opened();
    for (const text of ["o", "on", "one more"]) {
      store.getState().edit(setField("a", ["text"], text), { tag: "a.text" });
    }
    store.getState().undo();
    expect(store.getState().text).toBe(FILE);
  });

  it("forgets what was undone when something else is done", () => {
    const store = opened();
    store.getState().edit(removeBlocks(["a"]));
    store.getState().undo();
    store.getState().edit(removeBlocks(["b"]));
    expect(store.getState().future).toEqual([]);
  });

  it("keeps showing the last good state while the text is no YAML, and takes no commands then", () => {
    const store = opened();
    store.getState().write("blocks: [");
    expect(store.getState().syntax).toHaveLength(1);
    expect(store.getState().workflow.blocks).toHaveLength(2);
    store.getState().edit(removeBlocks(["a"]));
    expect(store.getState().text).toBe("blocks: [");
    store.getState().write(FILE);
    expect(store.getState().syntax).toEqual([]);
  });

  it("selects what was added, and forgets what was removed", () => {
    const store = opened();
    store.getState().edit(addBlock("c", { type: "template", text: "" }), { select: ["c"] });
    expect(store.getState().selection).toEqual(["c"]);
    store.getState().edit(removeBlocks(["c"]));
    expect(store.getState().selection).toEqual([]);
  });

  it("knows whether the server has it", () => {
    const store = opened();
    store.getState().edit(removeBlocks(["b"]));
    expect(isDirty(store.getState())).toBe(true);
    store.getState().wasSaved({ text: store.getState().text, version: 2 }, null);
    expect(isDirty(store.getState())).toBe(false);
  });
});

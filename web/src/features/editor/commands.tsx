import { notifications } from "@mantine/notifications";

import { t } from "../../texts";
import { copySelected, deleteSelected, duplicateSelected, pasteText, spotAtSelection, toggleSelected } from "./editing";
import { useSave } from "./saving";
import { type EditorStore, useEditor, useEditorStore } from "./store";
import { fitAll, show, useUi } from "./ui";

/** Something the editor can be told to do, by menu, palette or keys. */
export interface Command {
  id: string;
  label: string;
  group: "workflow" | "edit" | "selection" | "view";
  /** As it is shown; absent: only by menu and palette. */
  keys?: string;
  /** As it is pressed: `mod+s`, `shift+l`, `d`. */
  press?: readonly string[];
  /** Works while one types in a field too. */
  everywhere?: boolean;
  enabled: boolean;
  run: () => void;
}

const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);
const MOD = MAC ? "⌘" : "Ctrl+";
const SHIFT = MAC ? "⇧" : "Shift+";

/** Everything the editor can be told to do, as it stands now. */
export function useCommands(): Command[] {
  const store = useEditorStore();
  const saving = useSave();
  const count = useEditor((editor) => editor.selection.length);
  const links = useUi((state) => state.links.length);
  const isYaml = useEditor((editor) => editor.syntax.length === 0);
  const canUndo = useEditor((editor) => editor.past.length > 0);
  const canRedo = useEditor((editor) => editor.future.length > 0);
  const yaml = useUi((state) => state.yaml);
  const view = useUi((state) => state.view);
  const words = t.editor.commands;
  const chosen = isYaml && count > 0;
  const { undo, redo, select } = store.getState();
  return [
    command("run", words.run, "workflow", {
      keys: `${MOD}Enter`,
      press: ["mod+enter"],
      everywhere: true,
      enabled: isYaml,
      run: () => show({ dialog: "run" }),
    }),
    command("save", words.save, "workflow", {
      keys: `${MOD}S`,
      press: ["mod+s"],
      everywhere: true,
      run: () => saving.mutate({}),
    }),
    command("publish", words.publish, "workflow", { run: () => saving.mutate({ publish: true }) }),
    command("triggers", words.triggers, "workflow", { run: () => show({ dialog: "triggers" }) }),
    command("history", words.history, "workflow", { run: () => show({ dialog: "history" }) }),
    command("settings", words.settings, "workflow", {
      run: () => {
        select([]);
        show({ panel: "settings", panelOpen: true });
      },
    }),
    command("undo", words.undo, "edit", { keys: `${MOD}Z`, press: ["mod+z"], enabled: canUndo, run: undo }),
    command("redo", words.redo, "edit", {
      keys: `${SHIFT}${MOD}Z`,
      press: ["mod+shift+z", "mod+y"],
      enabled: canRedo,
      run: redo,
    }),
    command("add", words.add, "edit", {
      keys: "Tab",
      enabled: isYaml,
      run: () => show({ picking: spotAtSelection(store) }),
    }),
    command("paste", words.paste, "edit", {
      keys: `${MOD}V`,
      enabled: isYaml,
      run: () => void pasteFromClipboard(store),
    }),
    command("select-all", words.selectAll, "edit", {
      keys: `${MOD}A`,
      press: ["mod+a"],
      run: () => select(store.getState().workflow.blocks.map((block) => block.key)),
    }),
    command("copy", words.copy, "selection", { keys: `${MOD}C`, enabled: chosen, run: () => copyToClipboard(store) }),
    command("cut", words.cut, "selection", {
      keys: `${MOD}X`,
      enabled: chosen,
      run: () => {
        copyToClipboard(store);
        deleteSelected(store);
      },
    }),
    command("duplicate", words.duplicate, "selection", {
      keys: `${MOD}D`,
      press: ["mod+d"],
      enabled: chosen,
      run: () => duplicateSelected(store),
    }),
    command("rename", words.rename, "selection", {
      keys: "F2",
      press: ["f2"],
      enabled: chosen && count === 1,
      run: () => show({ renaming: store.getState().selection[0] ?? null }),
    }),
    command("connect", words.connect, "selection", {
      enabled: chosen && count === 1,
      run: () => show({ connecting: store.getState().selection[0] ?? null }),
    }),
    command("run-alone", words.runAlone, "selection", {
      keys: `${SHIFT}${MOD}Enter`,
      press: ["mod+shift+enter"],
      everywhere: true,
      enabled: chosen && count === 1,
      run: () => show({ alone: store.getState().selection[0] ?? null }),
    }),
    command("disable", words.disable, "selection", {
      keys: "D",
      press: ["d"],
      enabled: chosen,
      run: () => toggleSelected(store),
    }),
    command("delete", words.delete, "selection", {
      keys: "Delete",
      press: ["delete", "backspace"],
      enabled: isYaml && (count > 0 || links > 0),
      run: () => deleteSelected(store),
    }),
    command("arrange", words.arrange, "view", {
      keys: `${SHIFT}L`,
      press: ["shift+l"],
      run: () => {
        store.getState().arrange();
        fitAll();
      },
    }),
    command("fit", words.fit, "view", { keys: "1", press: ["1"], run: fitAll }),
    command("yaml", yaml ? words.hideYaml : words.showYaml, "view", { run: () => show({ yaml: !yaml }) }),
    command("view", view === "canvas" ? words.outline : words.canvas, "view", {
      run: () => show({ view: view === "canvas" ? "outline" : "canvas" }),
    }),
    command("palette", words.palette, "view", {
      keys: `${MOD}K`,
      press: ["mod+k"],
      everywhere: true,
      run: () => show({ dialog: "palette" }),
    }),
    command("shortcuts", words.shortcuts, "view", {
      keys: "?",
      press: ["?", "shift+?"],
      run: () => show({ dialog: "shortcuts" }),
    }),
  ];
}

function command(
  id: string,
  label: string,
  group: Command["group"],
  rest: Omit<Command, "id" | "label" | "group" | "enabled"> & { enabled?: boolean },
): Command {
  return { id, label, group, enabled: true, ...rest };
}

function copyToClipboard(store: EditorStore): void {
  const text = copySelected(store);
  if (text !== null) void navigator.clipboard?.writeText(text);
}

async function pasteFromClipboard(store: EditorStore): Promise<void> {
  const text = await navigator.clipboard?.readText().catch(() => "");
  if (!text || !pasteText(store, text)) {
    notifications.show({ message: t.editor.nothingToPaste, role: "status" });
  }
}

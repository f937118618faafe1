import { useEffect, useRef } from "react";

import { type Command, useCommands } from "./commands";
import { copySelected, deleteSelected, pasteText, spotAtSelection } from "./editing";
import { type EditorStore, useEditorStore } from "./store";
import { isBusy, show, useUi } from "./ui";

/** Whether what is typed there is text, so that keys are the field's own. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(input|textarea|select)$/i.test(target.tagName) ||
      target.closest(".cm-editor") !== null)
  );
}

/** What was pressed, in the words of the commands: `mod+shift+z`. */
export function pressed(event: Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "shiftKey" | "altKey">): string {
  const parts = [
    event.metaKey || event.ctrlKey ? "mod" : null,
    event.altKey ? "alt" : null,
    event.shiftKey ? "shift" : null,
    event.key.toLowerCase(),
  ];
  return parts.filter((part) => part !== null).join("+");
}

/** Lets keys do what the commands do, and the clipboard carry blocks as text. */
export function useKeys(): void {
  const store = useEditorStore();
  const commands = useCommands();
  const latest = useRef<Command[]>(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    const stop = new AbortController();
    const options = { signal: stop.signal };
    document.addEventListener("keydown", (event) => onKey(event, store, latest.current), options);
    document.addEventListener("copy", (event) => onCopy(event, store, false), options);
    document.addEventListener("cut", (event) => onCopy(event, store, true), options);
    document.addEventListener("paste", (event) => onPaste(event, store), options);
    return () => stop.abort();
  }, [store]);
}

function onKey(event: KeyboardEvent, store: EditorStore, commands: readonly Command[]): void {
  if (event.defaultPrevented || isBusy() || inDialog(event.target)) return;
  const typing = isTyping(event.target);
  const press = pressed(event);
  if (press === "tab" && !typing && onCanvas(event.target) && store.getState().selection.length > 0) {
    event.preventDefault();
    show({ picking: spotAtSelection(store) });
    return;
  }
  if (press === "escape" && !typing && store.getState().selection.length > 0) {
    store.getState().select([]);
    return;
  }
  const command = commands.find((one) => one.press?.includes(press));
  if (!command || (typing && !command.everywhere)) return;
  event.preventDefault();
  if (command.enabled) command.run();
}

/** The key that closes a dialog must not do anything behind it, although the dialog is gone when it gets here. */
function inDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null;
}

/** On the canvas `Tab` adds a block behind the selected one; without a selection it goes on, so that nobody is caught. */
function onCanvas(target: EventTarget | null): boolean {
  if (useUi.getState().view !== "canvas") return false;
  return target === document.body || (target instanceof Element && target.closest(".react-flow") !== null);
}

function onCopy(event: ClipboardEvent, store: EditorStore, cut: boolean): void {
  const marked = window.getSelection()?.isCollapsed === false;
  if (isTyping(event.target) || isBusy() || marked) return;
  const text = copySelected(store);
  if (text === null) return;
  event.clipboardData?.setData("text/plain", text);
  event.preventDefault();
  if (cut) deleteSelected(store);
}

function onPaste(event: ClipboardEvent, store: EditorStore): void {
  if (isTyping(event.target) || isBusy()) return;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (pasteText(store, text)) event.preventDefault();
}

import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState, type Text } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

import { t } from "../../../texts";
import { pageNonce } from "../../../ui/nonce";
import { type EditorStore, useEditor, useEditorStore } from "../store";
import classes from "./YamlView.module.css";

/** Marks what the store put into the view, so that it is not sent back. */
const fromStore = Annotation.define<boolean>();

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--rw-yaml-key)" },
  { tag: tags.definition(tags.propertyName), color: "var(--rw-yaml-key)" },
  { tag: tags.string, color: "var(--rw-yaml-text)" },
  { tag: tags.comment, color: "var(--mantine-color-dimmed)", fontStyle: "italic" },
]);

/** The file itself, beside the canvas: what is typed here shows there, and the other way round. */
export default function YamlView() {
  const store = useEditorStore();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const text = useEditor((editor) => editor.text);
  const syntax = useEditor((editor) => editor.syntax);
  const problems = useEditor((editor) => editor.problems);
  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({ parent: place.current, state: stateOf(store) });
    view.current = made;
    return () => made.destroy();
  }, [store]);
  useEffect(() => {
    const { current } = view;
    if (current && current.state.doc.toString() !== text) replace(current, text);
  }, [text]);
  useEffect(() => {
    const { current } = view;
    if (!current) return;
    const found = syntax.length > 0 ? syntax : problems;
    const marks = found.map(({ line, column, message }) => markAt(current.state.doc, { line, column, message }));
    current.dispatch(setDiagnostics(current.state, marks));
  }, [syntax, problems, text]);
  return <div ref={place} className={classes.view} />;
}

function stateOf(store: EditorStore): EditorState {
  return EditorState.create({
    doc: store.getState().text,
    extensions: [
      EditorView.cspNonce.of(pageNonce()),
      lineNumbers(),
      lintGutter(),
      highlightActiveLine(),
      bracketMatching(),
      yaml(),
      syntaxHighlighting(colours),
      // Undo is the editor's, so that canvas and text have one history. Escape, then Tab leaves the view.
      keymap.of([
        { key: "Mod-z", run: () => done(store.getState().undo) },
        { key: "Mod-Shift-z", run: () => done(store.getState().redo) },
        { key: "Mod-y", run: () => done(store.getState().redo) },
        indentWithTab,
        // Those are the editor's own.
        ...defaultKeymap.filter((binding) => binding.key !== "Mod-Enter"),
      ]),
      EditorState.tabSize.of(2),
      EditorView.contentAttributes.of({ "aria-label": t.editor.yamlView, tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        const own = update.transactions.some((transaction) => transaction.annotation(fromStore));
        if (update.docChanged && !own) store.getState().write(update.state.doc.toString(), "yaml");
      }),
    ],
  });
}

function done(run: () => void): boolean {
  run();
  return true;
}

/** Put another text in, changing only what differs, so that the cursor stays where it is. */
function replace(view: EditorView, text: string): void {
  const before = view.state.doc.toString();
  let from = 0;
  while (from < before.length && before[from] === text[from]) from += 1;
  let left = before.length;
  let right = text.length;
  while (left > from && right > from && before[left - 1] === text[right - 1]) {
    left -= 1;
    right -= 1;
  }
  view.dispatch({
    changes: { from, to: left, insert: text.slice(from, right) },
    annotations: fromStore.of(true),
  });
}

function markAt(doc: Text, { line, column, message }: { line: number; column: number; message: string }): Diagnostic {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(at.from + Math.max(column - 1, 0), at.to);
  return { from, to: at.to, severity: "error", message };
}

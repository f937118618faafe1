import { createContext, useContext } from "react";
import { createStore, type StoreApi, useStore } from "zustand";

import type { Problem } from "../../api/types";
import { type Command, done } from "./model/commands";
import { layOut, placed, type Positions, remember, remembered } from "./model/layout";
import { readWorkflow, type SyntaxProblem, type Workflow } from "./model/workflow";

/** What undo goes back to. */
interface Snapshot {
  text: string;
  positions: Positions;
}

/** A state of the file that the server has. */
export interface Saved {
  text: string;
  version: number;
}

interface Coalescing {
  tag: string;
  at: number;
}

/** Where the view is at, beside what is edited. */
export type View = "canvas" | "outline";

export interface EditorState {
  workflowId: string;
  text: string;
  /** What the text means; while it is no YAML, what it meant last. */
  workflow: Workflow;
  syntax: SyntaxProblem[];
  /** What the server says of the text that was last sent for checking. */
  problems: Problem[];
  positions: Positions;
  selection: readonly string[];
  saved: Saved;
  published: number | null;
  past: readonly Snapshot[];
  future: readonly Snapshot[];
  coalescing: Coalescing | null;
}

interface EditOptions {
  /** Edits with the same tag that follow each other closely are undone as one. */
  tag?: string;
  /** Blocks selected afterwards. */
  select?: readonly string[];
  /** Where new blocks stand. */
  positions?: Positions;
}

export interface EditorActions {
  /** Change the file by a command. Does nothing while the text is no YAML. */
  edit: (command: Command, options?: EditOptions) => void;
  /** Put another text in the place of the file's. */
  write: (text: string, tag?: string) => void;
  move: (positions: Positions) => void;
  arrange: () => void;
  undo: () => void;
  redo: () => void;
  select: (keys: readonly string[]) => void;
  found: (problems: Problem[]) => void;
  wasSaved: (saved: Saved, published: number | null) => void;
}

export type Editor = EditorState & EditorActions;
export type EditorStore = StoreApi<Editor>;

const MOST_STEPS = 200;
const COALESCE_MS = 1_500;
const NOTHING: readonly string[] = [];

interface Opened {
  workflowId: string;
  saved: Saved;
  published: number | null;
  /** Unsaved text of an earlier visit. */
  draft?: string;
}

/** The editor of one workflow: its text is the truth, all else is read from it. Everything done can be undone. */
export function createEditor({ workflowId, saved, published, draft }: Opened): EditorStore {
  const text = draft ?? saved.text;
  const { workflow, problems: syntax } = readWorkflow(text);
  return createStore<Editor>()((set, get) => ({
    workflowId,
    text,
    workflow,
    syntax,
    problems: [],
    positions: placed(workflow.blocks, remembered(workflowId)),
    selection: NOTHING,
    saved,
    published,
    past: [],
    future: [],
    coalescing: null,
    edit: (command, options = {}) => {
      const state = get();
      if (state.syntax.length > 0) return;
      const { text: next, workflow: meant } = done(state.text, command);
      set(changedTo(state, { text: next, workflow: meant, syntax: [] }, options));
    },
    write: (next, tag) => set((state) => changedTo(state, { text: next, ...meaningOf(state, next) }, { tag })),
    move: (moved) =>
      set((state) => withPositions({ ...step(state), positions: { ...state.positions, ...moved } }, workflowId)),
    arrange: () =>
      set((state) => withPositions({ ...step(state), positions: layOut(state.workflow.blocks) }, workflowId)),
    undo: () => set((state) => travelled(state, "past", "future")),
    redo: () => set((state) => travelled(state, "future", "past")),
    select: (keys) => set((state) => (sameKeys(state.selection, keys) ? state : { selection: keys })),
    found: (problems) => set({ problems }),
    wasSaved: (now, publishedNow) => set({ saved: now, published: publishedNow }),
  }));
}

/** What a text means; while it is no YAML, what was shown goes on being shown. */
function meaningOf(state: Editor, text: string): Pick<EditorState, "workflow" | "syntax"> {
  const { workflow, problems } = readWorkflow(text);
  return { workflow: problems.length === 0 ? workflow : state.workflow, syntax: problems };
}

type Changed = Pick<EditorState, "text" | "workflow" | "syntax">;

function changedTo(state: Editor, { text, workflow, syntax }: Changed, options: EditOptions): Partial<Editor> {
  if (text === state.text && !options.positions) return options.select ? { selection: options.select } : {};
  const positions = placed(workflow.blocks, { ...state.positions, ...options.positions });
  const known = new Set(workflow.blocks.map((block) => block.key));
  return withPositions(
    {
      ...step(state, options.tag),
      text,
      workflow,
      syntax,
      positions,
      selection: options.select ?? state.selection.filter((key) => known.has(key)),
    },
    state.workflowId,
  );
}

function step(state: Editor, tag?: string): Pick<EditorState, "past" | "future" | "coalescing"> {
  const now = Date.now();
  const last = state.coalescing;
  const goesOn = tag !== undefined && last?.tag === tag && now - last.at < COALESCE_MS;
  const snapshot = { text: state.text, positions: state.positions };
  return {
    past: goesOn ? state.past : [...state.past, snapshot].slice(-MOST_STEPS),
    future: [],
    coalescing: tag === undefined ? null : { tag, at: now },
  };
}

function travelled(state: Editor, from: "past" | "future", to: "past" | "future"): Partial<Editor> {
  const target = state[from].at(-1);
  if (!target) return {};
  const { workflow, syntax } = meaningOf(state, target.text);
  const known = new Set(workflow.blocks.map((block) => block.key));
  return withPositions(
    {
      [from]: state[from].slice(0, -1),
      [to]: [...state[to], { text: state.text, positions: state.positions }],
      coalescing: null,
      text: target.text,
      workflow,
      syntax,
      positions: placed(workflow.blocks, target.positions),
      selection: state.selection.filter((key) => known.has(key)),
    },
    state.workflowId,
  );
}

function withPositions<T extends Partial<Editor>>(change: T, workflowId: string): T {
  if (change.positions) remember(workflowId, change.positions);
  return change;
}

function sameKeys(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, at) => key === other[at]);
}

export const EditorContext = createContext<EditorStore | null>(null);

/** The store itself, for reading at the moment something happens. */
export function useEditorStore(): EditorStore {
  const store = useContext(EditorContext);
  if (!store) throw new Error("the editor's parts stand inside its context");
  return store;
}

/** A part of the editor's state; the component is drawn anew when it changes. */
export function useEditor<T>(select: (editor: Editor) => T): T {
  return useStore(useEditorStore(), select);
}

/** Whether there is something that the server does not have. */
export function isDirty(editor: Pick<Editor, "text" | "saved">): boolean {
  return editor.text !== editor.saved.text;
}

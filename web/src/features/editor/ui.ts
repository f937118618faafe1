import { create } from "zustand";

import type { Link } from "./model/graph";
import type { Point } from "./model/layout";

/** Where a new block is to go. */
export interface Spot {
  /** Behind this block, on this branch. */
  after?: { source: string; branch: string | null };
  /** Before this block. */
  before?: string;
  /** Between two that are connected. */
  between?: Link;
  /** Where on the canvas. */
  at?: Point;
}

export type Dialog = "palette" | "shortcuts" | "triggers" | "history" | "run" | "conflict";

interface Ui {
  dialog: Dialog | null;
  /** The block picker is open for this spot. */
  picking: Spot | null;
  /** Whose name is being changed. */
  renaming: string | null;
  /** Whose connections are being changed. */
  connecting: string | null;
  /** Which block is about to be run by itself. */
  alone: string | null;
  view: "canvas" | "outline";
  yaml: boolean;
  /** The panel beside the canvas shows the last run instead of settings. */
  panel: "settings" | "run";
  /** On small screens: the panel is open over the view. */
  panelOpen: boolean;
  links: readonly Link[];
  /** Counts how often all of the canvas was asked to be shown. */
  fit: number;
}

const START: Ui = {
  dialog: null,
  picking: null,
  renaming: null,
  connecting: null,
  alone: null,
  view: "canvas",
  yaml: false,
  panel: "settings",
  panelOpen: false,
  links: [],
  fit: 0,
};

/** What of the editor is open; nothing of it is part of the workflow. */
export const useUi = create<Ui>()(() => START);

/** Change what is open. */
export function show(change: Partial<Ui>): void {
  useUi.setState(change);
}

/** As it is when an editor is opened. */
export function resetUi(change: Partial<Ui> = {}): void {
  useUi.setState({ ...START, ...change });
}

/** Whether a dialog of the editor is open. */
export function isBusy(): boolean {
  const { dialog, picking, renaming, connecting, alone } = useUi.getState();
  return [dialog, picking, renaming, connecting, alone].some((opened) => opened !== null);
}

/** Bring the whole workflow into view. */
export function fitAll(): void {
  useUi.setState((state) => ({ fit: state.fit + 1 }));
}

import { type Document, isMap, isScalar, Pair, Scalar, YAMLMap } from "yaml";

import type { Command } from "./commands";
import { plainText } from "./workflow";

const BEFORE = ["version", "name", "description", "category", "inputs", "if"];

/** Set one of the limits; undefined takes it out, and with the last one the section. */
export function setLimit(field: "cost" | "cheaper_model", value: string | number | undefined): Command {
  return (document) => {
    const section = sectionOf(document, value !== undefined);
    if (section === null) return;
    const written: unknown = section.get(field, true);
    if (value === undefined) section.delete(field);
    else if (isScalar(written)) write(written, value);
    else section.set(field, value);
    if (section.items.length === 0) document.delete("limits");
  };
}

function write(node: Scalar, value: string | number): void {
  node.value = value;
  // How a number was written says its old value.
  if (typeof value === "number") delete node.source;
}

function sectionOf(document: Document, wanted: boolean): YAMLMap | null {
  const root = document.contents;
  const section: unknown = document.get("limits", true);
  if (isMap(section)) return section;
  if (!wanted || !isMap(root)) return null;
  const made = new YAMLMap();
  made.flow = true;
  root.delete("limits");
  const names = root.items.map((pair) => plainText(isScalar(pair.key) ? pair.key.value : pair.key));
  const behind = Math.max(-1, ...BEFORE.map((name) => names.indexOf(name)));
  root.items.splice(behind + 1, 0, new Pair(new Scalar("limits"), made));
  return made;
}

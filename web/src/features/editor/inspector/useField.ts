import type { Problem } from "../../../api/types";
import { type Path, setField } from "../model/commands";
import { messagesAt } from "../model/problems";
import { type Block, isRecord } from "../model/workflow";
import { useEditorStore } from "../store";

/** A field's value, how it is set, and what is wrong with it. */
export function useField(block: Block, path: Path, problems: readonly Problem[]) {
  const store = useEditorStore();
  const place = placeOf(path);
  return {
    value: valueAt(block.fields, path),
    set: (next: unknown) => store.getState().edit(setField(block.key, path, next), { tag: `${block.key}.${place}` }),
    error: messagesAt(problems, block.key, place)[0],
  };
}

/** A way into a block as problems name it: `checks[0].if`. */
function placeOf(path: Path): string {
  return path.map((step, at) => (typeof step === "number" ? `[${step}]` : at > 0 ? `.${step}` : step)).join("");
}

/** What stands at a place in a block. */
export function valueAt(fields: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner) && typeof step === "number") return inner[step] as unknown;
    return isRecord(inner) ? inner[step] : undefined;
  }, fields);
}

import { upstreamOf } from "./graph";
import { isRecord, type Workflow } from "./workflow";

/** A name that a text can look up. */
export interface Lookup {
  /** As it is written, without braces. */
  name: string;
  hint: string;
  group: "variables" | "blocks" | "trigger" | "item" | "callbacks";
}

const ITEM = ["item", "index"];
const TRIGGER_FIELDS = ["type", "ip", "userAgent"];

/**
 * Everything that a text of a block can look up: variables, blocks upstream with the fields of what they answer, and the
 * item that a block inside another one runs for.
 */
export function lookupsFor(workflow: Workflow, key: string | null, inside = false): Lookup[] {
  const variables = workflow.inputs.map((input): Lookup => ({
    name: input.name,
    hint: input.description,
    group: "variables",
  }));
  const blocks = new Map(workflow.blocks.map((block) => [block.key, block]));
  const upstream = key === null ? [] : upstreamOf(workflow.blocks, key);
  const outputs = upstream.flatMap((other): Lookup[] => {
    const block = blocks.get(other);
    const whole = `blocks.${other}.output`;
    const fields = Object.keys(propertiesOf(block?.fields.output));
    return [whole, ...fields.map((field) => `${whole}.${field}`)].map((name) => ({
      name,
      hint: block?.name ?? "",
      group: "blocks",
    }));
  });
  const trigger = TRIGGER_FIELDS.map((name): Lookup => ({ name: `trigger.${name}`, hint: "", group: "trigger" }));
  const item = inside ? ITEM.map((name): Lookup => ({ name, hint: "", group: "item" })) : [];
  const callbacks = workflow.blocks
    .filter((block) => block.fields.callback === true)
    .map((block): Lookup => ({ name: `blocks.${block.key}.callback`, hint: block.name, group: "callbacks" }));
  return [...item, ...outputs, ...variables, ...callbacks, ...trigger];
}

function propertiesOf(schema: unknown): Record<string, unknown> {
  return isRecord(schema) && isRecord(schema.properties) ? schema.properties : {};
}

/** A text with a look-up put at a place: in braces in a text, bare in a condition. */
export function withLookup(
  text: string,
  name: string,
  { from, to, condition }: { from: number; to: number; condition: boolean },
): { text: string; caret: number } {
  const written = condition ? name : `{{ ${name} }}`;
  return { text: text.slice(0, from) + written + text.slice(to), caret: from + written.length };
}

import { Fieldset, NumberInput, Select, Stack, Switch, TagsInput } from "@mantine/core";

import type { Problem } from "../../../api/types";
import { type Path, setField } from "../model/commands";
import { messagesAt } from "../model/problems";
import { type Block, isRecord, plainText } from "../model/workflow";
import { useEditorStore } from "../store";
import { BranchesField } from "./BranchesField";
import classes from "./Inspector.module.css";
import { PairsField } from "./PairsField";
import type { Field } from "./schema";
import { TextField } from "./TextField";
import { numberOrText, shownValue, writtenValue } from "./values";

interface Props {
  block: Block;
  field: Field;
  path: Path;
  problems: readonly Problem[];
}

const LONG = new Set(["prompt", "system", "text", "body", "message", "value", "json", "output"]);
const LINES = 3;
const CODE_LINES = 8;

/** One field of a block, drawn by what it can hold. */
export function FieldView({ block, field, path, problems }: Props) {
  const { value, set, error } = useField(block, path, problems);
  const common = { label: field.label, description: plainWords(field.description), error, required: field.required };
  const text = { ...common, block: block.key, looksUp: field.looksUp, placeholder: field.preset };
  const lines = LONG.has(field.name) ? LINES : 1;
  switch (field.kind) {
    case "branches":
      return <BranchesField block={block} problems={problems} />;
    case "choice":
      return (
        <Select
          {...common}
          data={field.options}
          value={plainText(value) || null}
          clearable={!field.required}
          placeholder={field.preset}
          onChange={(choice) => set(choice ?? undefined)}
        />
      );
    case "switch":
      return (
        <Switch
          {...common}
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked || undefined)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          value={typeof value === "number" ? value : ""}
          placeholder={field.preset}
          onChange={(number) => set(typeof number === "number" ? number : undefined)}
        />
      );
    case "numbers":
      return (
        <TagsInput
          {...common}
          value={Array.isArray(value) ? value.map(plainText) : []}
          onChange={(items) => set(items.length > 0 ? items.map(numberOrText) : undefined)}
        />
      );
    case "pairs":
      return isPairs(value) ? (
        <PairsField {...text} value={value} onChange={set} />
      ) : (
        <TextField {...text} value={shownValue(value)} lines={LINES} onChange={(next) => set(writtenValue(next))} />
      );
    case "group":
      return (
        <Fieldset legend={field.label} className={classes.group}>
          <Stack gap="md">
            {field.fields.map((inner) => (
              <FieldView
                key={inner.name}
                block={block}
                field={inner}
                path={[...path, inner.name]}
                problems={problems}
              />
            ))}
          </Stack>
        </Fieldset>
      );
    case "any":
      return (
        <TextField
          {...text}
          value={shownValue(value)}
          lines={LINES}
          monospace={typeof value === "object"}
          onChange={(next) => set(emptied(writtenValue(next), field))}
        />
      );
    case "code":
      return (
        <TextField {...text} monospace value={plainText(value)} lines={CODE_LINES} onChange={(next) => set(next)} />
      );
    default:
      return (
        <TextField
          {...text}
          value={plainText(value)}
          lines={lines}
          onChange={(next) => set(emptied(field.name === "seconds" ? numberOrText(next) : next, field))}
        />
      );
  }
}

/** A field's value, how it is set, and what is wrong with it. */
export function useField(block: Block, path: Path, problems: readonly Problem[]) {
  const store = useEditorStore();
  const place = path.join(".");
  const value = path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), block.fields);
  return {
    value,
    set: (next: unknown) => store.getState().edit(setField(block.key, path, next), { tag: `${block.key}.${place}` }),
    error: messagesAt(problems, block.key, place)[0],
  };
}

/** A required text stays as an empty one, so that its field stays in the file; others go. */
function emptied(value: unknown, field: Field): unknown {
  if (value === undefined || value === "") return field.required ? "" : undefined;
  return value;
}

function isPairs(value: unknown): value is Record<string, unknown> | undefined {
  return value === undefined || (isRecord(value) && Object.values(value).every((item) => typeof item !== "object"));
}

function plainWords(text: string): string | undefined {
  return text.replace(/`/g, "").replace(/\s+/g, " ").trim() || undefined;
}

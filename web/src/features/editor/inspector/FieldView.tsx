import { Fieldset, NumberInput, Select, Stack, Switch, TagsInput } from "@mantine/core";

import type { Problem } from "../../../api/types";
import { type Path } from "../model/commands";
import { type Block, isRecord, plainText } from "../model/workflow";
import { BranchesField } from "./BranchesField";
import { CalledInputs } from "./CalledInputs";
import { InnerBlock } from "./InnerBlock";
import classes from "./Inspector.module.css";
import { ListField } from "./ListField";
import { PairsField } from "./PairsField";
import { ReferenceField } from "./ReferenceField";
import type { Field } from "./schema";
import { StructureField } from "./StructureField";
import { TextField } from "./TextField";
import { ToolsField } from "./ToolsField";
import { useField } from "./useField";
import { numberOrText, shownValue, writtenValue } from "./values";

interface Props {
  block: Block;
  field: Field;
  path: Path;
  problems: readonly Problem[];
  /** It belongs to a block inside this one, which sees an item of a list. */
  inside?: boolean;
}

const LONG = new Set(["prompt", "system", "text", "body", "message", "value", "json", "output"]);
const LINES = 3;
const CODE_LINES = 8;

/** One field of a block, drawn by what it can hold. */
export function FieldView({ block, field, path, problems, inside }: Props) {
  const { value, set, error } = useField(block, path, problems);
  const common = { label: field.label, description: plainWords(field.description), error, required: field.required };
  const text = { ...common, block: block.key, looksUp: field.looksUp, placeholder: field.preset, inside };
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
    case "names":
      return (
        <TagsInput
          {...common}
          value={Array.isArray(value) ? value.map(plainText) : []}
          onChange={(items) =>
            set(items.length > 0 ? (field.kind === "names" ? items : items.map(numberOrText)) : undefined)
          }
        />
      );
    case "tools":
      return <ToolsField {...common} block={block} path={path} problems={problems} />;
    case "list":
      return (
        <ListField
          {...common}
          items={Array.isArray(value) ? value : []}
          fresh={Object.fromEntries(field.fields.filter((one) => one.required).map((one) => [one.name, ""]))}
          onChange={set}
        >
          {(at) => <Inner block={block} field={field} path={[...path, at]} problems={problems} inside={inside} />}
        </ListField>
      );
    case "block":
      return <InnerBlock block={block} name={field.name} problems={problems} />;
    case "structure":
      return <StructureField {...common} value={value} onChange={set} />;
    case "called":
      return <CalledInputs block={block} path={path} label={field.label} problems={problems} inside={inside} />;
    case "reference":
      return (
        <ReferenceField
          {...common}
          reference={field.reference ?? "workflow"}
          value={plainText(value)}
          onChange={(choice) => set(emptied(choice, field))}
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
            <Inner block={block} field={field} path={path} problems={problems} inside={inside} />
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

/** The fields inside a group or an item of a list. */
function Inner({ field, path, ...rest }: Props) {
  return field.fields.map((inner) => (
    <FieldView key={inner.name} {...rest} field={inner} path={[...path, inner.name]} />
  ));
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

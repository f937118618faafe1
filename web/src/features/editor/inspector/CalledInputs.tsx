import { Fieldset, Stack, Text } from "@mantine/core";

import type { Problem } from "../../../api/types";
import { t } from "../../../texts";
import { type Path } from "../model/commands";
import { type Block, isRecord, plainText } from "../model/workflow";
import classes from "./Inspector.module.css";
import { useVariablesOf } from "./references";
import { TextField } from "./TextField";
import { useField, valueAt } from "./useField";

interface Props {
  block: Block;
  /** The way to them in the block. */
  path: Path;
  label: string;
  problems: readonly Problem[];
  inside?: boolean;
}

/** What a called workflow is given: a field for each of its context variables. */
export function CalledInputs({ block, path, label, problems, inside }: Props) {
  const { value, set, error } = useField(block, path, problems);
  const given = isRecord(value) ? value : {};
  const variables = useVariablesOf(plainText(valueAt(block.fields, [...path.slice(0, -1), "id"])));
  const known = new Set(variables.map(({ name }) => name));
  const others = Object.keys(given).filter((name) => !known.has(name));
  const change = (name: string, text: string) => {
    const rest = Object.entries(given).filter(([other]) => other !== name);
    const next = text === "" ? rest : [...rest, [name, text]];
    set(next.length > 0 ? Object.fromEntries(next) : undefined);
  };
  const fields = [
    ...variables.map((one) => ({ ...one, required: one.required && one.default === null })),
    ...others.map((name) => ({ name, description: "", required: false, default: null })),
  ];
  return (
    <Fieldset legend={label} className={classes.group}>
      <Stack gap="md">
        {fields.length === 0 && (
          <Text size="sm" c="dimmed">
            {t.editor.calledNone}
          </Text>
        )}
        {fields.map((field) => (
          <TextField
            key={field.name}
            label={field.name}
            description={field.description || undefined}
            required={field.required}
            placeholder={field.default ?? undefined}
            value={plainText(given[field.name])}
            block={block.key}
            looksUp="template"
            inside={inside}
            onChange={(text) => change(field.name, text)}
          />
        ))}
        {error && (
          <Text size="xs" c="red">
            {error}
          </Text>
        )}
      </Stack>
    </Fieldset>
  );
}

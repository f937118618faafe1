import { Fieldset, Select, Stack, Text } from "@mantine/core";

import type { Problem } from "../../../api/types";
import { t } from "../../../texts";
import { starter } from "../model/blocks";
import { type Block, isRecord, plainText } from "../model/workflow";
import { useBlockTypes } from "../types";
import { FieldView } from "./FieldView";
import classes from "./Inspector.module.css";
import { fieldsOf, labelOf } from "./schema";
import { useField } from "./useField";

/** Types that have no place inside another block: they wait for people, lead somewhere, or hold blocks themselves. */
const NOT_INSIDE = new Set(["condition", "map", "output", "review"]);

interface Props {
  block: Block;
  name: string;
  problems: readonly Problem[];
}

/** A block inside a block: which type it is, and that type's own fields. */
export function InnerBlock({ block, name, problems }: Props) {
  const types = useBlockTypes();
  const { value, set, error } = useField(block, [name], problems);
  const inner = isRecord(value) ? value : {};
  const type = types.get(plainText(inner.type));
  const choices = [...types.values()].filter((one) => !NOT_INSIDE.has(one.type) || one === type);
  const change = (wanted: string | null) => {
    const next = types.get(wanted ?? "");
    if (next && next !== type) set(starter(next));
  };
  const fields = type ? fieldsOf(type.jsonSchema, type.texts) : [];
  return (
    <Fieldset legend={labelOf(name)} className={classes.group}>
      <Stack gap="md">
        <Text size="xs" c="dimmed">
          {t.editor.inner.help}
        </Text>
        <Select
          label={t.editor.inner.type}
          required
          allowDeselect={false}
          error={type ? undefined : error}
          data={choices.map((one) => ({ value: one.type, label: one.title }))}
          value={type?.type ?? null}
          onChange={change}
        />
        {fields.map((field) => (
          <FieldView
            key={`${type?.type} ${field.name}`}
            block={block}
            field={field}
            path={[name, field.name]}
            problems={problems}
            inside
          />
        ))}
      </Stack>
    </Fieldset>
  );
}

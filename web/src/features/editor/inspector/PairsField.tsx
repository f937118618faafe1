import { ActionIcon, Button, Group, Input, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";

import { t } from "../../../texts";
import { plainText } from "../model/workflow";
import classes from "./Inspector.module.css";
import { TextField } from "./TextField";
import { useDraft } from "./useDraft";

interface Props {
  label: string;
  description?: string;
  error?: string;
  value: Record<string, unknown> | undefined;
  onChange: (value: Record<string, unknown> | undefined) => void;
  block: string;
  looksUp?: "template" | "condition";
  inside?: boolean;
}

/** Names with a value each, such as headers. */
export function PairsField({ label, description, error, value = {}, onChange, block, looksUp, inside }: Props) {
  const entries = Object.entries(value);
  const write = (next: [string, unknown][]) => onChange(next.length > 0 ? Object.fromEntries(next) : undefined);
  const replace = (at: number, entry: [string, unknown]) => write(entries.map((old, i) => (i === at ? entry : old)));
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div" role="group">
      <Stack gap="xs" mt={4}>
        {entries.map(([name, item], at) => (
          <Group key={at} gap="xs" wrap="nowrap" align="flex-start">
            <NameInput
              label={t.editor.nameOf(label, at + 1)}
              value={name}
              onChange={(fresh) => fresh !== "" && !(fresh in value) && replace(at, [fresh, item])}
            />
            <div className={classes.grow}>
              <TextField
                label={t.editor.valueOf(name)}
                hideLabel
                value={plainText(item)}
                looksUp={looksUp}
                block={block}
                inside={inside}
                onChange={(text) => replace(at, [name, text])}
              />
            </div>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={34}
              aria-label={t.editor.remove(name)}
              onClick={() => write(entries.filter((_, i) => i !== at))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => write([...entries, [freshName(value), ""]])}
            aria-label={t.editor.addTo(label)}
          >
            {t.editor.add}
          </Button>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}

/** The name of an entry, taken over when the field is left. */
export function NameInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (name: string) => void;
}) {
  const { shown, change, flush } = useDraft(value, onChange);
  return (
    <TextInput
      aria-label={label}
      value={shown}
      className={classes.nameInput}
      classNames={{ input: classes.monospace }}
      spellCheck={false}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={flush}
    />
  );
}

function freshName(value: Record<string, unknown>): string {
  let number = 1;
  while (`name${number}` in value) number += 1;
  return `name${number}`;
}

import { ActionIcon, Button, Card, Group, Input, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { t } from "../../../texts";
import classes from "./Inspector.module.css";

interface Props {
  label: string;
  description?: string;
  error?: string;
  items: readonly unknown[];
  /** What a new item begins with. */
  fresh: unknown;
  onChange: (items: unknown[] | undefined) => void;
  children: (at: number) => ReactNode;
}

/** A list whose items have fields of their own. */
export function ListField({ label, description, error, items, fresh, onChange, children }: Props) {
  const write = (next: unknown[]) => onChange(next.length > 0 ? next : undefined);
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div" role="group">
      <Stack gap="xs" mt="xs">
        {items.map((_, at) => (
          <Card
            key={at}
            withBorder
            padding="sm"
            className={classes.variable}
            role="group"
            aria-label={t.editor.itemOf(label, at + 1)}
          >
            <Group justify="space-between" mb="xs">
              <Text size="xs" c="dimmed">
                {t.editor.itemOf(label, at + 1)}
              </Text>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t.editor.remove(t.editor.itemOf(label, at + 1))}
                onClick={() => write(items.filter((__, i) => i !== at))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
            <Stack gap="md">{children(at)}</Stack>
          </Card>
        ))}
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            aria-label={t.editor.addTo(label)}
            onClick={() => write([...items, fresh])}
          >
            {t.editor.add}
          </Button>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}

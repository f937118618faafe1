import { Group, Kbd, Modal, Stack, Text, Title } from "@mantine/core";

import { t } from "../../../texts";
import { useCommands } from "../commands";
import { show } from "../ui";

const GROUPS = ["workflow", "edit", "selection", "view"] as const;

/** All keys and what they do. */
export function Shortcuts() {
  const commands = useCommands().filter((command) => command.keys);
  return (
    <Modal
      opened
      onClose={() => show({ dialog: null })}
      title={t.editor.shortcuts.title}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <Stack gap="lg">
        {GROUPS.map((group) => (
          <section key={group}>
            <Title order={3} size="sm" mb="xs">
              {t.editor.shortcuts.groups[group]}
            </Title>
            <Stack gap="xs">
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <Group key={command.id} justify="space-between">
                    <Text size="sm">{command.label}</Text>
                    <Kbd size="sm">{command.keys}</Kbd>
                  </Group>
                ))}
            </Stack>
          </section>
        ))}
        <Text size="xs" c="dimmed">
          {t.editor.shortcuts.more}
        </Text>
      </Stack>
    </Modal>
  );
}

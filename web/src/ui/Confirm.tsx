import { Button, Group, Modal, Stack, Text } from "@mantine/core";

import { t } from "../texts";

interface Props {
  opened: boolean;
  title: string;
  /** What will happen, so that nobody is surprised. */
  text: string;
  /** The word on the button that does it. */
  action: string;
  /** The word on the button that does not. */
  dismiss?: string;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ opened, title, text, action, dismiss, busy, onConfirm, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t.actions.close }}>
      <Stack gap="lg">
        <Text size="sm">{text}</Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} data-autofocus>
            {dismiss ?? t.actions.cancel}
          </Button>
          <Button color="red" onClick={onConfirm} loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

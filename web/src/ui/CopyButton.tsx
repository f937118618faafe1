import { ActionIcon, Button, CopyButton as Copy, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

import { t } from "../texts";

interface Props {
  value: string;
  /** What is copied, for those who do not see what the button stands beside. */
  label: string;
}

/** Copies a text; the sign tells that it was done. */
export function CopyIcon({ value, label }: Props) {
  return (
    <Copy value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t.actions.copied : label}>
          <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={copied ? t.actions.copied : label}>
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </Copy>
  );
}

/** The same as a button with its label in words. */
export function CopyButton({ value, label }: Props) {
  return (
    <Copy value={value}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          onClick={copy}
          leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        >
          {copied ? t.actions.copied : label}
        </Button>
      )}
    </Copy>
  );
}

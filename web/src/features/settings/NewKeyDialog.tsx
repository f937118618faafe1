import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";

import type { NewApiKey } from "../../api/types";
import { t } from "../../texts";
import { CopyButton } from "../../ui/CopyButton";
import { Failure } from "../../ui/Failure";
import { Notice } from "../../ui/Notice";
import { useCreateKey } from "./queries";

const words = t.settings.keys.dialog;

/** Makes a key and shows its secret, once. It closes by its buttons only, so that no slip loses the secret. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateKey();
  const made = create.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={made ? words.madeTitle(made.key.name) : words.title}
      closeOnClickOutside={!made}
      closeOnEscape={!made}
      withCloseButton={!made}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      {made ? (
        <Secret made={made} onClose={onClose} />
      ) : (
        <NameForm
          error={create.error}
          busy={create.isPending}
          onName={(name) => create.mutate(name)}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}

interface NameFormProps {
  error: unknown;
  busy: boolean;
  onName: (name: string) => void;
  onClose: () => void;
}

function NameForm({ error, busy, onName, onClose }: NameFormProps) {
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onName(name);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Failure error={error} />
        <TextInput
          label={words.name}
          description={words.nameHint}
          required
          maxLength={100}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t.actions.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {words.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Secret({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  return (
    <Stack gap="md">
      <Notice tone="review_pending" icon={IconAlertTriangle}>
        {words.warning}
      </Notice>
      <TextInput
        label={words.secret}
        readOnly
        autoFocus
        value={made.secret}
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      />
      <Group justify="flex-end" gap="sm">
        <CopyButton value={made.secret} label={words.copy} />
        <Button onClick={onClose}>{words.done}</Button>
      </Group>
    </Stack>
  );
}

import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";

import { t } from "../../../texts";
import { renameBlock } from "../model/commands";
import { useEditor, useEditorStore } from "../store";
import { show } from "../ui";

/** Asks for another name for a block. */
export function RenameDialog({ block }: { block: string }) {
  const store = useEditorStore();
  const present = useEditor((editor) => editor.workflow.blocks.find((one) => one.key === block)?.name ?? "");
  const [name, setName] = useState(present);
  const close = () => show({ renaming: null });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    store.getState().edit(renameBlock(block, name.trim()));
    close();
  };
  return (
    <Modal opened onClose={close} title={t.editor.rename.title} closeButtonProps={{ "aria-label": t.actions.close }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t.editor.rename.label}
            value={name}
            maxLength={200}
            data-autofocus
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={close}>
              {t.actions.cancel}
            </Button>
            <Button type="submit">{t.editor.rename.action}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

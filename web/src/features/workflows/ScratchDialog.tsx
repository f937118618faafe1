import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";

import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { useCreateWorkflow } from "./queries";

interface Props {
  project: string;
  onClose: () => void;
}

/** Makes a workflow of one block, and goes to its editor. */
export function ScratchDialog({ project, onClose }: Props) {
  const create = useCreateWorkflow(project);
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ source: firstSource(name), publish: false });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.workflows.scratch.title}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Failure error={create.error} />
          <TextInput
            label={t.workflows.scratch.name}
            required
            maxLength={200}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t.actions.cancel}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t.workflows.scratch.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The smallest workflow that runs, and shows how a context variable is used. */
function firstSource(name: string): string {
  const { firstBlock, firstText } = t.workflows.scratch;
  return `version: 1
name: ${JSON.stringify(name)}
inputs:
  name: {default: Runwright}
blocks:
  first:
    type: template
    name: ${JSON.stringify(firstBlock)}
    text: ${JSON.stringify(firstText)}
`;
}

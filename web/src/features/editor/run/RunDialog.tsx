import { Button, Group, Modal, Stack, Switch, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { t } from "../../../texts";
import { Failure } from "../../../ui/Failure";
import { Estimate } from "../../runs/Estimate";
import { startRun } from "../../runs/queries";
import { InputFields } from "../../runs/StartDialog";
import { save, tellSaveFailure } from "../saving";
import { isDirty, useEditor, useEditorStore } from "../store";
import { show } from "../ui";
import { follow } from "./store";
import { rememberedValues, rememberValues } from "./values";

/** Asks for the context variables and runs what is on the canvas; unsaved changes are saved first. */
export function RunDialog() {
  return (
    <Modal
      opened
      onClose={() => show({ dialog: null })}
      title={t.editor.run.title}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <RunForm />
    </Modal>
  );
}

function RunForm() {
  const store = useEditorStore();
  const inputs = useEditor((editor) => editor.workflow.inputs);
  const dirty = useEditor(isDirty);
  const version = useEditor((editor) => editor.saved.version);
  const workflowId = store.getState().workflowId;
  const [values, setValues] = useState(() => rememberedValues(workflowId, inputs));
  const [preview, setPreview] = useState(true);
  const start = useMutation({
    mutationFn: async () => {
      const saved = await save(store);
      return startRun({ workflowId, inputs: values, version: saved, preview });
    },
    onSuccess: ({ executionId }) => {
      rememberValues(workflowId, values);
      follow(executionId);
      show({ dialog: null, panel: "run" });
    },
    onError: (error) => {
      if (dirty) tellSaveFailure(error);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Failure error={start.error} />
        <Text size="sm" c="dimmed">
          {dirty ? t.editor.run.savesFirst(version + 1) : t.editor.run.runsVersion(version)}
        </Text>
        <InputFields inputs={inputs} values={values} onChange={setValues} />
        <Estimate workflowId={workflowId} />
        <Switch
          label={t.editor.run.preview}
          description={t.editor.run.previewHelp}
          checked={preview}
          onChange={(event) => setPreview(event.currentTarget.checked)}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => show({ dialog: null })}>
            {t.actions.cancel}
          </Button>
          <Button
            type="submit"
            loading={start.isPending}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            data-autofocus={inputs.length === 0 || undefined}
          >
            {t.editor.run.start}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { client, take } from "../../../api/client";
import type { components } from "../../../api/schema";
import { t } from "../../../texts";
import { Failure } from "../../../ui/Failure";
import { InputFields } from "../../runs/StartDialog";
import { type Given, givenTo } from "../model/given";
import type { Block, Workflow } from "../model/workflow";
import { save, tellSaveFailure } from "../saving";
import { isDirty, useEditor, useEditorStore } from "../store";
import { show } from "../ui";
import { GivenOutput } from "./GivenOutput";
import { follow } from "./store";
import { rememberedValues } from "./values";

type LastData = components["schemas"]["LastDataOut"];
type Values = Record<"inputs" | "outputs", Readonly<Record<string, string>>>;

/** What the blocks of a workflow made when they last ran. */
function lastDataQuery(workflowId: string) {
  return queryOptions({
    queryKey: ["runs", "last-data", workflowId],
    queryFn: () =>
      take(client.GET("/api/v1/workflows/{workflow_id}/last-data", { params: { path: { workflow_id: workflowId } } })),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Runs one block by itself, on what the blocks before it made last; what it is given can be changed first. */
export function OneBlockDialog({ block: key }: { block: string }) {
  const { workflowId } = useEditorStore().getState();
  const block = useEditor((editor) => editor.workflow.blocks.find((one) => one.key === key));
  const { data, error } = useQuery(lastDataQuery(workflowId));
  if (!block) return null;
  return (
    <Modal
      opened
      size="lg"
      onClose={close}
      title={t.editor.alone.title(block.name)}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <Failure error={error} />
      {data ? <OneBlockForm block={block} data={data} /> : !error && <Loader size="sm" />}
    </Modal>
  );
}

function close(): void {
  show({ alone: null });
}

function OneBlockForm({ block, data }: { block: Block; data: LastData }) {
  const store = useEditorStore();
  const workflow = useEditor((editor) => editor.workflow);
  const dirty = useEditor(isDirty);
  const version = useEditor((editor) => editor.saved.version);
  const { workflowId } = store.getState();
  const given = givenTo(workflow, block.key);
  const [inputs, setInputs] = useState<Record<string, string>>(() => ({
    ...rememberedValues(workflowId, workflow.inputs),
    ...data.inputs,
  }));
  const [outputs, setOutputs] = useState(() => outputsOf(data));
  const start = useMutation({
    mutationFn: async () => {
      const saved = await save(store);
      const call = client.POST("/api/v1/workflows/{workflow_id}/blocks/{block_key}/run", {
        params: { path: { workflow_id: workflowId, block_key: block.key } },
        body: { version: saved, ...chosen(workflow, given, { inputs, outputs }) },
      });
      return take(call);
    },
    onSuccess: ({ executionId }) => {
      follow(executionId);
      store.getState().select([block.key]);
      show({ alone: null, panel: "run", panelOpen: true });
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
          {t.editor.alone.help} {dirty && t.editor.run.savesFirst(version + 1)}
        </Text>
        {given.blocks.map((before) => (
          <GivenOutput
            key={before.key}
            block={before}
            last={data.outputs.find((one) => one.key === before.key)}
            value={outputs[before.key]}
            onChange={(text) => setOutputs({ ...outputs, [before.key]: text })}
          />
        ))}
        {given.variables.length > 0 && (
          <InputFields
            inputs={given.variables.map((variable) => ({ ...variable, required: false }))}
            values={inputs}
            onChange={setInputs}
          />
        )}
        {given.blocks.length + given.variables.length === 0 && <Text size="sm">{t.editor.alone.nothing}</Text>}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close}>
            {t.actions.cancel}
          </Button>
          <Button type="submit" loading={start.isPending} leftSection={<IconPlayerPlay size={16} aria-hidden />}>
            {t.editor.run.start}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function outputsOf(data: LastData): Values["outputs"] {
  return Object.fromEntries(data.outputs.map(({ key, output }) => [key, output]));
}

/** All variables, so that this run too has the whole of the last data; of outputs those that the block is given. */
function chosen(workflow: Workflow, given: Given, values: Values) {
  return {
    inputs: picked(workflow.inputs, ({ name }) => name, values.inputs),
    outputs: picked(given.blocks, ({ key }) => key, values.outputs),
  };
}

function picked<T>(items: readonly T[], nameOf: (item: T) => string, values: Values["inputs"]): Values["inputs"] {
  return Object.fromEntries(
    items.map(nameOf).flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
}

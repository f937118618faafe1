import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconInfoCircle, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import type { components } from "../../api/schema";
import type { Workflow } from "../../api/types";
import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { Notice } from "../../ui/Notice";
import { PageLoading } from "../../ui/PageLoading";
import { versionQuery } from "../workflows/queries";
import { Estimate } from "./Estimate";
import { startRun } from "./queries";

type Input = components["schemas"]["InputOut"];

interface Props {
  workflow: Workflow;
  onClose: () => void;
}

/** Asks for the context variables and starts the workflow: the published version, or the latest draft as a preview. */
export function StartDialog({ workflow, onClose }: Props) {
  const preview = workflow.publishedVersion === null;
  const version = workflow.publishedVersion ?? workflow.latestVersion;
  const { data, error } = useQuery(versionQuery(workflow.id, version));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.runs.start.title(workflow.name)}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <Stack gap="md">
        {preview && (
          <Notice tone="running" icon={IconInfoCircle}>
            {t.runs.start.draft}
          </Notice>
        )}
        <Failure error={error} />
        {data ? (
          <StartForm
            workflow={workflow}
            version={version}
            preview={preview}
            inputs={data.graph.inputs}
            onClose={onClose}
          />
        ) : (
          !error && <PageLoading />
        )}
      </Stack>
    </Modal>
  );
}

interface FormProps extends Props {
  version: number;
  preview: boolean;
  inputs: Input[];
}

function StartForm({ workflow, version, preview, inputs, onClose }: FormProps) {
  const navigate = useNavigate();
  const [values, setValues] = useState<Record<string, string>>({});
  const start = useMutation({
    mutationFn: () => startRun({ workflowId: workflow.id, inputs: values, version, preview }),
    onSuccess: ({ executionId }) => navigate({ to: "/runs/$executionId", params: { executionId } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Failure error={start.error} />
        <InputFields inputs={inputs} values={values} onChange={setValues} />
        <Estimate workflowId={workflow.id} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t.actions.cancel}
          </Button>
          <Button
            type="submit"
            loading={start.isPending}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            data-autofocus={inputs.length === 0 || undefined}
          >
            {t.runs.start.run}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface FieldsProps {
  inputs: Input[];
  /** Only what was typed: a variable that is absent takes its default. */
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}

/** A field for each context variable. One that is emptied counts as not given. */
export function InputFields({ inputs, values, onChange }: FieldsProps) {
  if (inputs.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t.runs.start.none}
      </Text>
    );
  }
  const change = (name: string, value: string) => {
    const rest = Object.fromEntries(Object.entries(values).filter(([known]) => known !== name));
    onChange(value === "" ? rest : { ...rest, [name]: value });
  };
  return inputs.map(({ name, description, required, default: standard }, index) => (
    <Textarea
      key={name}
      label={name}
      description={description || undefined}
      placeholder={standard === null ? undefined : t.runs.start.default(standard)}
      required={required && standard === null}
      autosize
      minRows={1}
      maxRows={12}
      data-autofocus={index === 0 || undefined}
      value={values[name] ?? ""}
      onChange={(event) => change(name, event.currentTarget.value)}
    />
  ));
}

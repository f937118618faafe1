import { ActionIcon, Button, Card, Group, Input, Stack, Switch, Text, Title } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";

import { t } from "../../../texts";
import * as commands from "../model/commands";
import { messagesAt } from "../model/problems";
import type { Variable } from "../model/workflow";
import { useEditor, useEditorStore } from "../store";
import classes from "./Inspector.module.css";
import { LimitsFields } from "./LimitsFields";
import { NameInput } from "./PairsField";
import { TextField } from "./TextField";

const NAME = /^[\p{L}_][\p{L}\p{N}_-]{0,99}$/u;

/** What is the workflow's own: its name, description and category, and its context variables. */
export function WorkflowSettings() {
  const { name, description, category } = useEditor((editor) => editor.workflow);
  return (
    <Stack gap="md">
      <Head field="name" label={t.editor.workflowName} value={name} />
      <Head field="description" label={t.editor.description} value={description} lines={2} />
      <Head field="category" label={t.editor.category} value={category} />
      <Variables />
      <LimitsFields />
    </Stack>
  );
}

interface HeadProps {
  field: "name" | "description" | "category";
  label: string;
  value: string;
  lines?: number;
}

function Head({ field, label, value, lines }: HeadProps) {
  const store = useEditorStore();
  const problems = useEditor((editor) => editor.problems);
  return (
    <TextField
      label={label}
      value={value}
      lines={lines}
      required={field === "name"}
      error={messagesAt(problems, null, field)[0]}
      onChange={(text) => store.getState().edit(commands.setHead(field, text), { tag: field })}
    />
  );
}

function Variables() {
  const { edit } = useEditorStore().getState();
  const inputs = useEditor((editor) => editor.workflow.inputs);
  const add = () => edit(commands.setVariable(freshName(inputs), {}));
  return (
    <Stack gap="sm" component="section" aria-labelledby="variables">
      <div>
        <Title order={3} size="h3" id="variables">
          {t.editor.variables}
        </Title>
        <Text size="xs" c="dimmed">
          {t.editor.variablesHelp}
        </Text>
      </div>
      {inputs.map((input, at) => (
        <VariableCard key={at} input={input} names={inputs.map((other) => other.name)} />
      ))}
      <div>
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          {t.editor.addVariable}
        </Button>
      </div>
    </Stack>
  );
}

function VariableCard({ input, names }: { input: Variable; names: string[] }) {
  const { edit } = useEditorStore().getState();
  const problems = useEditor((editor) => editor.problems);
  const set = (field: string, value: unknown) =>
    edit(commands.setVariable(input.name, { [field]: value }), { tag: `inputs.${input.name}.${field}` });
  const rename = (name: string) => {
    if (NAME.test(name) && !names.includes(name)) edit(commands.renameVariable(input.name, name));
  };
  const error = messagesAt(problems, null, `inputs.${input.name}`)[0];
  return (
    <Card withBorder padding="sm" className={classes.variable} role="group" aria-label={input.name}>
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap">
          <div className={classes.grow}>
            <NameInput label={t.editor.variableName} value={input.name} onChange={rename} />
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t.editor.remove(input.name)}
            onClick={() => edit(commands.removeVariable(input.name))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
        {error && <Input.Error>{error}</Input.Error>}
        <TextField
          label={t.editor.variableDescription}
          hideLabel
          placeholder={t.editor.variableDescription}
          value={input.description}
          onChange={(text) => set("description", text === "" ? undefined : text)}
        />
        <TextField
          label={t.editor.variableDefault}
          hideLabel
          placeholder={t.editor.variableDefault}
          value={input.default ?? ""}
          onChange={(text) => set("default", text === "" ? undefined : text)}
        />
        <Switch
          size="xs"
          label={t.editor.required}
          checked={input.required}
          onChange={(event) => set("required", event.currentTarget.checked || undefined)}
        />
      </Stack>
    </Card>
  );
}

function freshName(inputs: readonly Variable[]): string {
  const names = new Set(inputs.map((input) => input.name));
  let number = 1;
  while (names.has(`variable${number}`)) number += 1;
  return `variable${number}`;
}

import { Accordion, NumberInput, Select, Stack, Switch } from "@mantine/core";

import type { Problem } from "../../../api/types";
import { t } from "../../../texts";
import { type Path, rekeyBlock } from "../model/commands";
import { type Block, isRecord, plainText } from "../model/workflow";
import { useEditor, useEditorStore } from "../store";
import { NeedsField } from "./NeedsField";
import { TextField } from "./TextField";
import { useField } from "./useField";

interface Props {
  block: Block;
  problems: readonly Problem[];
}

const KEY = /^[a-z0-9][a-z0-9_-]{0,99}$/;

/** What every block has beside its own fields, folded away until it is wanted. */
export function CommonFields({ block, problems }: Props) {
  return (
    <Accordion variant="separated" multiple chevronPosition="left" order={3}>
      <Part value="flow" title={t.editor.flow}>
        <NeedsField block={block} problems={problems} />
        <Text block={block} problems={problems} path={["if"]} label={t.editor.runIf} help={t.editor.runIfHelp} />
        <Number block={block} problems={problems} path={["timeout"]} label={t.editor.timeout} />
      </Part>
      <Part value="failure" title={t.editor.failure}>
        <Number block={block} problems={problems} path={["retry", "attempts"]} label={t.editor.attempts} />
        <Number block={block} problems={problems} path={["retry", "backoff"]} label={t.editor.backoff} />
        <OnError block={block} problems={problems} />
      </Part>
      <Part value="result" title={t.editor.result}>
        {block.type !== "review" && <Review block={block} problems={problems} />}
        <Artifact block={block} problems={problems} />
      </Part>
      <Part value="identity" title={t.editor.identity}>
        <Text
          block={block}
          problems={problems}
          path={["description"]}
          label={t.editor.description}
          help={t.editor.blockDescriptionHelp}
        />
        <KeyField block={block} />
      </Part>
    </Accordion>
  );
}

function Part({ value, title, children }: { value: string; title: string; children: React.ReactNode }) {
  return (
    <Accordion.Item value={value}>
      <Accordion.Control>{title}</Accordion.Control>
      <Accordion.Panel>
        <Stack gap="md">{children}</Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

interface One extends Props {
  path: Path;
  label: string;
  help?: string;
}

function Text({ block, problems, path, label, help }: One) {
  const { value, set, error } = useField(block, path, problems);
  const last = path.at(-1);
  return (
    <TextField
      label={label}
      description={help}
      error={error}
      value={plainText(value)}
      block={block.key}
      looksUp={last === "if" ? "condition" : last === "message" ? "template" : undefined}
      onChange={(text) => set(text === "" ? undefined : text)}
    />
  );
}

function Number({ block, problems, path, label, help }: One) {
  const { value, set, error } = useField(block, path, problems);
  return (
    <NumberInput
      label={label}
      description={help}
      error={error}
      min={0}
      value={typeof value === "number" ? value : ""}
      onChange={(number) => set(typeof number === "number" ? number : undefined)}
    />
  );
}

function OnError({ block, problems }: Props) {
  const { value, set, error } = useField(block, ["on_error"], problems);
  return (
    <Select
      label={t.editor.onError}
      error={error}
      allowDeselect={false}
      data={[
        { value: "fail", label: t.editor.onErrorFail },
        { value: "continue", label: t.editor.onErrorContinue },
      ]}
      value={plainText(value) || "fail"}
      onChange={(choice) => set(choice === "continue" ? choice : undefined)}
    />
  );
}

function Review({ block, problems }: Props) {
  const { value, set, error } = useField(block, ["review"], problems);
  const policy = isRecord(value);
  const on = policy || value === true;
  return (
    <>
      <Switch
        label={t.editor.review}
        description={t.editor.reviewHelp}
        error={error}
        checked={on}
        onChange={(event) => set(event.currentTarget.checked || undefined)}
      />
      {on && <ReviewMessage block={block} policy={policy ? value : {}} set={set} />}
    </>
  );
}

function ReviewMessage(props: { block: Block; policy: Record<string, unknown>; set: (value: unknown) => void }) {
  const { block, policy, set } = props;
  const change = (text: string) => {
    const rest = Object.entries(policy).filter(([name]) => name !== "message");
    const next = Object.fromEntries(text === "" ? rest : [["message", text], ...rest]);
    set(Object.keys(next).length > 0 ? next : true);
  };
  return (
    <TextField
      label={t.editor.reviewMessage}
      value={plainText(policy.message)}
      block={block.key}
      looksUp="template"
      onChange={change}
    />
  );
}

function Artifact({ block, problems }: Props) {
  const { value, set, error } = useField(block, ["artifact"], problems);
  const on = value === true || typeof value === "string";
  return (
    <>
      <Switch
        label={t.editor.artifact}
        description={t.editor.artifactHelp}
        checked={on}
        onChange={(event) => set(event.currentTarget.checked || undefined)}
      />
      {on && (
        <TextField
          label={t.editor.artifactName}
          error={error}
          value={typeof value === "string" ? value : ""}
          onChange={(text) => set(text === "" ? true : text)}
        />
      )}
    </>
  );
}

function KeyField({ block }: { block: Block }) {
  const store = useEditorStore();
  const taken = useEditor((editor) =>
    editor.workflow.blocks.some((other) => other.key === block.key && other !== block),
  );
  const change = (key: string) => {
    const { workflow, edit } = store.getState();
    if (!KEY.test(key) || workflow.blocks.some((other) => other.key === key)) return;
    edit(rekeyBlock(block.key, key), { select: [key] });
  };
  return (
    <TextField
      label={t.editor.key}
      description={t.editor.keyHelp}
      error={taken ? t.editor.keyTaken : undefined}
      value={block.key}
      monospace
      onChange={change}
    />
  );
}

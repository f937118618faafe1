import { NumberInput, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";

import { t } from "../../../texts";
import { setLimit } from "../model/limits";
import { messagesAt } from "../model/problems";
import { useEditor, useEditorStore } from "../store";
import { TextField } from "./TextField";

/** What a run may spend before a person is asked, and the model that may finish it then. */
export function LimitsFields() {
  const store = useEditorStore();
  const { cost, cheaperModel } = useEditor((editor) => editor.workflow.limits);
  const problems = useEditor((editor) => editor.problems);
  return (
    <Stack gap="sm" component="section" aria-labelledby="limits">
      <div>
        <Title order={3} size="h3" id="limits">
          {t.editor.limits.title}
        </Title>
        <Text size="xs" c="dimmed">
          {t.editor.limits.help}
        </Text>
      </div>
      <Cost
        value={cost}
        error={messagesAt(problems, null, "limits.cost")[0]}
        onChange={(number) => store.getState().edit(setLimit("cost", number), { tag: "limits.cost" })}
      />
      <TextField
        label={t.editor.limits.cheaperModel}
        description={t.editor.limits.cheaperModelHelp}
        placeholder="openai:gpt-5-nano"
        monospace
        value={cheaperModel}
        error={messagesAt(problems, null, "limits.cheaper_model")[0]}
        onChange={(model) =>
          store
            .getState()
            .edit(setLimit("cheaper_model", model.trim() === "" ? undefined : model.trim()), { tag: "limits.model" })
        }
      />
    </Stack>
  );
}

interface CostProps {
  value: string;
  error?: string;
  onChange: (value: number | undefined) => void;
}

function Cost({ value, error, onChange }: CostProps) {
  // While it means what the file says, an amount is shown as it was typed: "0." on the way to "0.5".
  const [typed, setTyped] = useState(value);
  const change = (text: string) => {
    setTyped(text);
    const number = numberOf(text);
    if (number !== numberOf(value)) onChange(number);
  };
  return (
    <NumberInput
      label={t.editor.limits.cost}
      description={t.editor.limits.costHelp}
      error={error}
      leftSection="$"
      min={0}
      allowNegative={false}
      decimalScale={6}
      hideControls
      value={numberOf(typed) === numberOf(value) ? typed : value}
      onChange={(amount) => change(String(amount))}
    />
  );
}

function numberOf(text: string): number | undefined {
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? undefined : number;
}

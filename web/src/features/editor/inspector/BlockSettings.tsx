import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconEyeOff } from "@tabler/icons-react";

import { t } from "../../../texts";
import { renameBlock } from "../model/commands";
import { placeOf, problemsOf } from "../model/problems";
import { type Block } from "../model/workflow";
import { useEditor, useEditorStore } from "../store";
import { useBlockTypes } from "../types";
import { CommonFields } from "./CommonFields";
import { FieldView } from "./FieldView";
import { fieldsOf } from "./schema";
import { TextField } from "./TextField";

/** The settings of one block, drawn from its type's schema. */
export function BlockSettings({ block }: { block: Block }) {
  const store = useEditorStore();
  const type = useBlockTypes().get(block.type);
  const all = useEditor((editor) => editor.problems);
  const problems = problemsOf(all, block.key);
  const fields = type ? fieldsOf(type.jsonSchema, type.texts) : [];
  const shown = new Set([...fields.map((field) => field.name), ...COMMON]);
  const others = problems.filter((problem) => !shown.has(placeOf(problem).field.split(/[.[]/)[0] ?? ""));
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {type?.description ?? t.editor.unknownType(block.type)}
      </Text>
      {block.disabled && (
        <Alert variant="light" color="gray" icon={<IconEyeOff size={18} aria-hidden />} p="sm">
          {t.editor.isOffHelp}
        </Alert>
      )}
      {others.map((problem) => (
        <Alert
          key={problem.message}
          color="red"
          variant="light"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          p="sm"
        >
          {problem.message}
        </Alert>
      ))}
      <TextField
        label={t.editor.blockName}
        value={block.name}
        onChange={(name) => store.getState().edit(renameBlock(block.key, name.trim()), { tag: `${block.key}.name` })}
      />
      {fields.map((field) => (
        <FieldView key={field.name} block={block} field={field} path={[field.name]} problems={problems} />
      ))}
      <CommonFields block={block} problems={problems} />
    </Stack>
  );
}

const COMMON = ["name", "description", "needs", "if", "timeout", "retry", "on_error", "review", "artifact"];

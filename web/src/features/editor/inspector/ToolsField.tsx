import { TagsInput } from "@mantine/core";

import type { Problem } from "../../../api/types";
import { type Path } from "../model/commands";
import { type Block, plainText } from "../model/workflow";
import { useToolsOf } from "./references";
import { useField, valueAt } from "./useField";

interface Props {
  block: Block;
  path: Path;
  problems: readonly Problem[];
  label: string;
  description?: string;
}

/** Tools of an MCP server: those it is known to have are offered, others can be typed. */
export function ToolsField({ block, path, problems, ...common }: Props) {
  const { value, set, error } = useField(block, path, problems);
  const tools = useToolsOf(plainText(valueAt(block.fields, [...path.slice(0, -1), "server"])));
  return (
    <TagsInput
      {...common}
      error={error}
      data={tools}
      value={Array.isArray(value) ? value.map(plainText) : []}
      onChange={(names) => set(names.length > 0 ? names : undefined)}
    />
  );
}

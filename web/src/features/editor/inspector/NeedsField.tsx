import { MultiSelect } from "@mantine/core";

import type { Problem } from "../../../api/types";
import { t } from "../../../texts";
import { changeNeeds } from "../editing";
import { wouldCircle } from "../model/graph";
import { messagesAt } from "../model/problems";
import { type Block, parseNeed, writeNeed } from "../model/workflow";
import { useEditor, useEditorStore } from "../store";

/** What a block runs after: everything that can be connected by a line on the canvas. */
export function NeedsField({ block, problems }: { block: Block; problems: readonly Problem[] }) {
  const store = useEditorStore();
  const blocks = useEditor((editor) => editor.workflow.blocks);
  const value = block.needs.map(writeNeed);
  const options = blocks
    .filter((other) => !wouldCircle(blocks, other.key, block.key))
    .flatMap((other) => [
      { value: other.key, label: other.name },
      ...other.branches.map((branch) => ({ value: `${other.key}.${branch}`, label: `${other.name}: ${branch}` })),
    ]);
  const known = new Set(options.map((option) => option.value));
  const lost = value.filter((need) => !known.has(need)).map((need) => ({ value: need, label: need }));
  const linkOf = (written: string) => {
    const { key: source, branch } = parseNeed(written);
    return { source, branch, target: block.key };
  };
  const change = (next: string[]) =>
    changeNeeds(store, {
      added: next.filter((written) => !value.includes(written)).map(linkOf),
      removed: value.filter((written) => !next.includes(written)).map(linkOf),
    });
  return (
    <MultiSelect
      label={t.editor.needs}
      description={t.editor.needsHelp}
      error={messagesAt(problems, block.key, "needs")[0]}
      data={[...options, ...lost]}
      value={value}
      onChange={change}
      searchable
      hidePickedOptions
      placeholder={value.length === 0 ? t.editor.needsNone : undefined}
    />
  );
}

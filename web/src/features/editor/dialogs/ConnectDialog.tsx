import { Button, Group, Modal, MultiSelect, Stack } from "@mantine/core";

import { t } from "../../../texts";
import { changeNeeds } from "../editing";
import { NeedsField } from "../inspector/NeedsField";
import { upstreamOf } from "../model/graph";
import { problemsOf } from "../model/problems";
import { type Block } from "../model/workflow";
import { useEditor, useEditorStore } from "../store";
import { show } from "../ui";

/** The lines to and from a block, as lists. */
export function ConnectDialog({ block: key }: { block: string }) {
  const block = useEditor((editor) => editor.workflow.blocks.find((one) => one.key === key));
  const problems = useEditor((editor) => editor.problems);
  const close = () => show({ connecting: null });
  if (!block) return null;
  return (
    <Modal
      opened
      onClose={close}
      title={t.editor.connect.title(block.name)}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <Stack gap="md">
        <NeedsField block={block} problems={problemsOf(problems, key)} />
        {block.branches.length === 0 && <LeadsTo block={block} branch={null} />}
        {block.branches.map((branch) => (
          <LeadsTo key={branch} block={block} branch={branch} />
        ))}
        <Group justify="flex-end">
          <Button onClick={close}>{t.editor.connect.done}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The blocks that run after a block, or on one of its branches. */
function LeadsTo({ block, branch }: { block: Block; branch: string | null }) {
  const store = useEditorStore();
  const blocks = useEditor((editor) => editor.workflow.blocks);
  const before = new Set([block.key, ...upstreamOf(blocks, block.key)]);
  const options = blocks.filter((other) => !before.has(other.key));
  const value = blocks
    .filter((other) => other.needs.some((need) => need.key === block.key && need.branch === branch))
    .map((other) => other.key);
  const change = (next: string[]) =>
    changeNeeds(store, {
      added: next.filter((key) => !value.includes(key)).map((target) => ({ source: block.key, branch, target })),
      removed: value.filter((key) => !next.includes(key)).map((target) => ({ source: block.key, branch, target })),
    });
  return (
    <MultiSelect
      label={branch === null ? t.editor.connect.leadsTo : t.editor.connect.branchLeadsTo(branch)}
      data={options.map((other) => ({ value: other.key, label: other.name }))}
      value={value}
      onChange={change}
      searchable
      hidePickedOptions
    />
  );
}

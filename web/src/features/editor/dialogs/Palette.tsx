import { Group, Kbd, Text } from "@mantine/core";

import { t } from "../../../texts";
import { useCommands } from "../commands";
import { useEditor, useEditorStore } from "../store";
import { show } from "../ui";
import { SearchDialog } from "./SearchDialog";

const BLOCK = "block:";

/** Everything the editor can do, and every block, by a few letters of its name. */
export function Palette() {
  const store = useEditorStore();
  const commands = useCommands().filter((command) => command.enabled && command.id !== "palette");
  const blocks = useEditor((editor) => editor.workflow.blocks);
  const choices = [
    ...commands.map((command) => ({
      id: command.id,
      words: command.label,
      content: <Line label={command.label} keys={command.keys} />,
    })),
    ...blocks.map((block) => ({
      id: BLOCK + block.key,
      words: `${t.editor.palette.goTo(block.name)} ${block.key} ${block.type}`,
      content: <Line label={t.editor.palette.goTo(block.name)} />,
    })),
  ];
  const pick = (id: string) => {
    show({ dialog: null });
    if (id.startsWith(BLOCK)) store.getState().select([id.slice(BLOCK.length)]);
    else commands.find((command) => command.id === id)?.run();
  };
  return (
    <SearchDialog
      title={t.editor.palette.title}
      search={t.editor.palette.search}
      results={t.editor.palette.results}
      choices={choices}
      onPick={pick}
      onClose={() => show({ dialog: null })}
    />
  );
}

function Line({ label, keys }: { label: string; keys?: string }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{label}</Text>
      {keys && <Kbd size="xs">{keys}</Kbd>}
    </Group>
  );
}

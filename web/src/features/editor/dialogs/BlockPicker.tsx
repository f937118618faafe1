import { Group, Text } from "@mantine/core";

import { t } from "../../../texts";
import { addBlock } from "../editing";
import { BlockIcon } from "../icons";
import { useEditorStore } from "../store";
import { useBlockTypes } from "../types";
import { show, type Spot } from "../ui";
import classes from "./Dialogs.module.css";
import { SearchDialog } from "./SearchDialog";

/** Asks which block is to be added. */
export function BlockPicker({ spot }: { spot: Spot }) {
  const store = useEditorStore();
  const types = useBlockTypes();
  const choices = [...types.values()].map((type) => {
    const content = (
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <BlockIcon name={type.icon} size={20} className={classes.icon} />
        <div>
          <Text size="sm" fw={600}>
            {type.title}
          </Text>
          <Text size="xs" c="dimmed">
            {type.description}
          </Text>
        </div>
      </Group>
    );
    return { id: type.type, words: `${type.title} ${type.type} ${type.description}`, content };
  });
  const close = () => show({ picking: null });
  const pick = (id: string) => {
    const type = types.get(id);
    if (type) addBlock(store, type, spot);
    close();
  };
  return (
    <SearchDialog
      title={t.editor.picker.title}
      search={t.editor.picker.search}
      results={t.editor.picker.types}
      choices={choices}
      onPick={pick}
      onClose={close}
    />
  );
}

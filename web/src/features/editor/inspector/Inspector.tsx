import { ActionIcon, Button, Group, Menu, SegmentedControl, Stack, Text, Title, Tooltip } from "@mantine/core";
import { IconDots, IconPlayerPlay, IconX } from "@tabler/icons-react";

import { t } from "../../../texts";
import { useCommands } from "../commands";
import { BlockIcon } from "../icons";
import type { Block } from "../model/workflow";
import { BlockRunView } from "../run/BlockRunView";
import { RunView } from "../run/RunView";
import { useRun } from "../run/store";
import { useEditor } from "../store";
import { useBlockTypes } from "../types";
import { show, useUi } from "../ui";
import { BlockSettings } from "./BlockSettings";
import classes from "./Inspector.module.css";
import { WorkflowSettings } from "./WorkflowSettings";

/** Beside the canvas: the settings of what is selected, and how it fared in the last run. */
export function Inspector() {
  const selection = useEditor((editor) => editor.selection);
  const blocks = useEditor((editor) => editor.workflow.blocks);
  const key = selection.length === 1 ? selection[0] : undefined;
  const block = blocks.find((one) => one.key === key);
  const ran = useRun((state) => state.execution !== null);
  const panel = useUi((state) => state.panel);
  const onRun = ran && panel === "run";
  return (
    <aside className={classes.panel} aria-label={t.editor.panel}>
      <PanelHead block={block} count={selection.length} />
      {ran && (
        <SegmentedControl
          fullWidth
          mb="md"
          aria-label={t.editor.panel}
          value={panel}
          onChange={(value) => show({ panel: value === "run" ? "run" : "settings" })}
          data={[
            { value: "settings", label: t.editor.settings },
            { value: "run", label: t.editor.lastRun },
          ]}
        />
      )}
      {selection.length > 1 && !onRun && (
        <Text size="sm" c="dimmed">
          {t.editor.manySelected}
        </Text>
      )}
      {onRun && (block ? <BlockRunView key={block.key} block={block} /> : <RunView />)}
      {!onRun && block && <BlockSettings key={block.key} block={block} />}
      {!onRun && selection.length === 0 && <WorkflowSettings />}
    </aside>
  );
}

function PanelHead({ block, count }: { block: Block | undefined; count: number }) {
  const type = useBlockTypes().get(block?.type ?? "");
  const title = block?.name ?? (count > 1 ? t.editor.selected(count) : t.editor.workflow);
  return (
    <Group justify="space-between" wrap="nowrap" mb="sm" gap="sm">
      <Group gap="sm" wrap="nowrap" className={classes.title}>
        {block && <BlockIcon name={type?.icon} size={20} />}
        <Stack gap={0} className={classes.title}>
          <Title order={2} className={classes.titleText}>
            {title}
          </Title>
          {block && (
            <Text size="xs" c="dimmed">
              {type?.title ?? block.type}
            </Text>
          )}
        </Stack>
      </Group>
      <Group gap="xs" wrap="nowrap">
        {block && <RunAlone block={block.key} />}
        {count > 0 && <SelectionMenu />}
        <ActionIcon
          variant="subtle"
          color="gray"
          hiddenFrom="sm"
          aria-label={t.editor.closePanel}
          onClick={() => show({ panelOpen: false })}
        >
          <IconX size={18} aria-hidden />
        </ActionIcon>
      </Group>
    </Group>
  );
}

function RunAlone({ block }: { block: string }) {
  const isYaml = useEditor((editor) => editor.syntax.length === 0);
  return (
    <Tooltip label={t.editor.commands.runAlone}>
      <Button
        size="compact-sm"
        variant="default"
        disabled={!isYaml}
        leftSection={<IconPlayerPlay size={14} aria-hidden />}
        onClick={() => show({ alone: block })}
      >
        {t.editor.alone.action}
      </Button>
    </Tooltip>
  );
}

/** What can be done with the selected blocks. */
export function SelectionMenu() {
  const commands = useCommands().filter((command) => command.group === "selection" && command.enabled);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t.editor.blockMenu}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {commands.map((command) => (
          <Menu.Item key={command.id} onClick={command.run} rightSection={<Shortcut keys={command.keys} />}>
            {command.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Shortcut({ keys }: { keys: string | undefined }) {
  if (!keys) return null;
  return (
    <Text size="xs" c="dimmed" component="span">
      {keys}
    </Text>
  );
}

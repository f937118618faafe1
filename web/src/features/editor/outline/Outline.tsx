import { ActionIcon, Button, Checkbox, Menu, Text } from "@mantine/core";
import { IconAlertTriangle, IconDots, IconPlus } from "@tabler/icons-react";
import { type KeyboardEvent, memo } from "react";

import { t } from "../../../texts";
import { StatusDot } from "../../../ui/StatusBadge";
import { deleteSelected, duplicateSelected, spotAtSelection, toggleSelected } from "../editing";
import { BlockIcon } from "../icons";
import { summaryOf } from "../model/blocks";
import { moveBlock } from "../model/commands";
import { linkId } from "../model/graph";
import { problemsOf } from "../model/problems";
import { type Block, writeNeed } from "../model/workflow";
import { useBlockRun } from "../run/store";
import { useEditor, useEditorStore } from "../store";
import { useBlockTypes } from "../types";
import { show } from "../ui";
import classes from "./Outline.module.css";

/** The workflow as a list: everything the canvas does, in reading order, for keyboard and screen reader. */
export function Outline() {
  const store = useEditorStore();
  const blocks = useEditor((editor) => editor.workflow.blocks);
  return (
    <section className={classes.outline} aria-label={t.editor.outline.title}>
      {blocks.length === 0 && (
        <Text size="sm" c="dimmed" mb="md">
          {t.editor.outline.empty}
        </Text>
      )}
      <ol className={classes.list} onKeyDown={walk}>
        {blocks.map((block) => (
          <Item key={block.key} block={block} />
        ))}
      </ol>
      <Button
        variant="default"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => show({ picking: spotAtSelection(store) })}
      >
        {t.editor.outline.add}
      </Button>
    </section>
  );
}

const Item = memo(function Item({ block }: { block: Block }) {
  const store = useEditorStore();
  const type = useBlockTypes().get(block.type);
  const selected = useEditor((editor) => editor.selection.includes(block.key));
  const problems = useEditor((editor) => problemsOf(editor.problems, block.key).length);
  const run = useBlockRun(block.key);
  const needs = block.needs.map(writeNeed).join(", ");
  const toggle = (on: boolean) => {
    const { selection, select } = store.getState();
    select(on ? [...selection, block.key] : selection.filter((key) => key !== block.key));
  };
  const open = () => {
    store.getState().select([block.key]);
    show({ panelOpen: true });
  };
  return (
    <li className={classes.item} data-selected={selected || undefined} data-disabled={block.disabled || undefined}>
      <Checkbox
        size="sm"
        checked={selected}
        aria-label={t.editor.outline.check(block.name)}
        onChange={(event) => toggle(event.currentTarget.checked)}
      />
      <button type="button" className={classes.open} data-block aria-pressed={selected} onClick={open}>
        <BlockIcon name={type?.icon} size={18} className={classes.icon} />
        <span className={classes.words}>
          <span className={classes.name}>{block.name}</span>
          <span className={classes.line}>
            {block.disabled ? t.editor.isOff : summaryOf(block) || (type?.title ?? block.type)}
          </span>
          <span className={classes.line}>{needs === "" ? t.editor.outline.start : t.editor.outline.after(needs)}</span>
        </span>
        {problems > 0 && (
          <span className={classes.problem} role="img" aria-label={t.editor.problemCount(problems)}>
            <IconAlertTriangle size={16} aria-hidden />
          </span>
        )}
        {run && <StatusDot status={run.status} />}
      </button>
      <ItemMenu block={block} />
    </li>
  );
});

function ItemMenu({ block }: { block: Block }) {
  const store = useEditorStore();
  const { name, key, branches } = block;
  const words = t.editor.outline;
  const links = block.needs.map(({ key: source, branch }) => ({ source, branch, target: key }));
  const add = (branch: string | null) => show({ picking: { after: { source: key, branch } } });
  const alone = (run: (from: typeof store) => void) => () => {
    store.getState().select([key]);
    run(store);
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={words.actions(name)}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => add(null)}>{words.addHere}</Menu.Item>
        {branches.map((branch) => (
          <Menu.Item key={branch} onClick={() => add(branch)}>
            {words.onBranch(branch)}
          </Menu.Item>
        ))}
        {links.map((link) => (
          <Menu.Item key={linkId(link)} onClick={() => show({ picking: { between: link } })}>
            {words.addBetween(writeNeed({ key: link.source, branch: link.branch }))}
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => show({ connecting: key })}>{t.editor.commands.connect}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => show({ alone: key })}>{t.editor.commands.runAlone}</Menu.Item>
        <Menu.Item onClick={() => show({ renaming: key })}>{t.editor.commands.rename}</Menu.Item>
        <Menu.Item onClick={alone(duplicateSelected)}>{t.editor.commands.duplicate}</Menu.Item>
        <Menu.Item onClick={alone(toggleSelected)}>{t.editor.commands.disable}</Menu.Item>
        <Menu.Item onClick={() => store.getState().edit(moveBlock(key, -1))}>{words.moveUp}</Menu.Item>
        <Menu.Item onClick={() => store.getState().edit(moveBlock(key, 1))}>{words.moveDown}</Menu.Item>
        <Menu.Divider />
        <Menu.Item color="var(--rw-failed-fg)" onClick={alone(deleteSelected)}>
          {t.editor.commands.delete}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Arrow keys, Home and End go from block to block. */
function walk(event: KeyboardEvent<HTMLOListElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("[data-block]")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  if (at < 0) return;
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
  const target = targets[event.key];
  if (target === undefined) return;
  event.preventDefault();
  buttons[target]?.focus();
}

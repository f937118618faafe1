import { ActionIcon, Button, Group, Menu, SegmentedControl, Text, Title, Tooltip } from "@mantine/core";
import {
  type Icon,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconDeviceFloppy,
  IconDots,
  IconPlayerPlay,
  IconPlus,
} from "@tabler/icons-react";

import { t } from "../../texts";
import { type Command, useCommands } from "./commands";
import classes from "./Editor.module.css";
import { isDirty, useEditor, useEditorStore } from "./store";
import { show, useUi } from "./ui";

/** The editor's head: the workflow's name and state, and what can be done with it. */
export function Header() {
  const commands = new Map(useCommands().map((command) => [command.id, command]));
  const name = useEditor((editor) => editor.workflow.name);
  const dirty = useEditor(isDirty);
  const view = useUi((state) => state.view);
  const get = (id: string) => commands.get(id);
  return (
    <Group className={classes.header} gap="sm" role="group" aria-label={t.editor.toolbar}>
      <div className={classes.title}>
        <Title order={1} className={classes.name} title={name}>
          {name || t.editor.title}
        </Title>
        <SavedState />
      </div>
      <SegmentedControl
        size="xs"
        aria-label={t.editor.view}
        value={view}
        onChange={(value) => show({ view: value === "outline" ? "outline" : "canvas" })}
        data={[
          { value: "canvas", label: t.editor.viewCanvas },
          { value: "outline", label: t.editor.viewOutline },
        ]}
      />
      <YamlToggle />
      <Group gap={2} wrap="nowrap">
        <Tool command={get("add")} icon={IconPlus} />
        <Tool command={get("undo")} icon={IconArrowBackUp} />
        <Tool command={get("redo")} icon={IconArrowForwardUp} />
      </Group>
      <Group gap="sm" wrap="nowrap" ml="auto">
        <Button
          size="xs"
          variant="default"
          disabled={!dirty}
          leftSection={<IconDeviceFloppy size={16} aria-hidden />}
          onClick={get("save")?.run}
        >
          {t.editor.commands.save}
        </Button>
        <PublishButton command={get("publish")} />
        <Button
          size="xs"
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          disabled={!get("run")?.enabled}
          onClick={get("run")?.run}
        >
          {t.editor.commands.run}
        </Button>
        <MoreActions commands={commands} />
      </Group>
    </Group>
  );
}

function SavedState() {
  const dirty = useEditor(isDirty);
  const version = useEditor((editor) => editor.saved.version);
  const published = useEditor((editor) => editor.published);
  const state = version === published ? t.editor.isPublished : t.editor.isDraft;
  return (
    <Text size="xs" c="dimmed" role="status" className={classes.state}>
      {dirty ? t.editor.dirty : `${t.editor.saved(version)}, ${state}`}
      {" · "}
      <Problems />
    </Text>
  );
}

/** How many problems there are; leads to the first. */
function Problems() {
  const store = useEditorStore();
  const problems = useEditor((editor) => (editor.syntax.length > 0 ? editor.syntax : editor.problems));
  if (problems.length === 0) return t.editor.noProblems;
  const goTo = () => {
    const { syntax, problems: found, select } = store.getState();
    const block = syntax.length > 0 ? null : /^blocks\.([^.[]+)/.exec(found[0]?.path ?? "")?.[1];
    if (block) select([block]);
    else if (syntax.length === 0) select([]);
    show(block ? { panel: "settings", panelOpen: true } : { yaml: true });
  };
  return (
    <button type="button" className={classes.problems} onClick={goTo} title={problems[0]?.message}>
      {t.editor.problems(problems.length)}
    </button>
  );
}

function PublishButton({ command }: { command: Command | undefined }) {
  const dirty = useEditor(isDirty);
  const isPublished = useEditor((editor) => editor.saved.version === editor.published);
  return (
    <Button size="xs" variant="default" disabled={!dirty && isPublished} onClick={command?.run} visibleFrom="xs">
      {t.editor.commands.publish}
    </Button>
  );
}

function YamlToggle() {
  const yaml = useUi((state) => state.yaml);
  return (
    <Button
      size="xs"
      variant="default"
      className={classes.toggle}
      aria-pressed={yaml}
      onClick={() => show({ yaml: !yaml })}
    >
      {t.editor.yaml}
    </Button>
  );
}

function Tool({ command, icon: Icon }: { command: Command | undefined; icon: Icon }) {
  if (!command) return null;
  const label = command.keys ? `${command.label} (${command.keys})` : command.label;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={command.label}
        disabled={!command.enabled}
        onClick={command.run}
      >
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

const MENU = [
  "triggers",
  "history",
  "settings",
  "-",
  "publish",
  "arrange",
  "fit",
  "select-all",
  "paste",
  "-",
  "palette",
  "shortcuts",
];

function MoreActions({ commands }: { commands: ReadonlyMap<string, Command> }) {
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconDots size={16} aria-hidden />}>
          {t.editor.moreActions}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {MENU.map((id, at) => {
          const command = commands.get(id);
          if (!command) return <Menu.Divider key={at} />;
          return (
            <Menu.Item
              key={id}
              disabled={!command.enabled}
              onClick={command.run}
              rightSection={
                command.keys && (
                  <Text size="xs" c="dimmed" component="span">
                    {command.keys}
                  </Text>
                )
              }
            >
              {command.label}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

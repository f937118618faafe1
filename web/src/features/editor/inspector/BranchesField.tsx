import { ActionIcon, Button, Group, Input, Stack } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";

import type { Problem } from "../../../api/types";
import { t } from "../../../texts";
import * as commands from "../model/commands";
import { messagesAt } from "../model/problems";
import { type Block, isRecord, plainText } from "../model/workflow";
import { useEditorStore } from "../store";
import classes from "./Inspector.module.css";
import { NameInput } from "./PairsField";
import { TextField } from "./TextField";

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;
const ELSE = "else";

/** The branches of a condition: each a name and when it is taken, tried from the top. */
export function BranchesField({ block, problems }: { block: Block; problems: readonly Problem[] }) {
  const { edit } = useEditorStore().getState();
  const branches = isRecord(block.fields.branches) ? block.fields.branches : {};
  const names = Object.keys(branches);
  const whole = messagesAt(problems, block.key, "branches")[0];
  const inOne = names.some((name) => messagesAt(problems, block.key, `branches.${name}`).length > 0);
  const rename = (from: string, to: string) => {
    if (NAME.test(to) && !names.includes(to)) edit(commands.renameBranch(block.key, from, to));
  };
  return (
    <Input.Wrapper
      label={t.editor.branches}
      description={t.editor.branchesHelp}
      error={inOne ? undefined : whole}
      labelElement="div"
      role="group"
    >
      <Stack gap="xs" mt={4}>
        {names.map((name) => (
          <Group key={name} gap="xs" wrap="nowrap" align="flex-start">
            <NameInput label={t.editor.branchName(name)} value={name} onChange={(to) => rename(name, to)} />
            <div className={classes.grow}>
              <TextField
                label={t.editor.branchCondition(name)}
                hideLabel
                value={plainText(branches[name])}
                error={messagesAt(problems, block.key, `branches.${name}`)[0]}
                looksUp="condition"
                block={block.key}
                onChange={(text) =>
                  edit(commands.setField(block.key, ["branches", name], conditionOf(text)), {
                    tag: `${block.key}.branches.${name}`,
                  })
                }
              />
            </div>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={34}
              aria-label={t.editor.remove(name)}
              onClick={() => edit(commands.removeBranch(block.key, name))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => edit(added(block.key, branches))}
          >
            {t.editor.addBranch}
          </Button>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}

function conditionOf(text: string): string | boolean {
  return text === "true" ? true : text;
}

/** A new branch stands before `else`, which is to stay the last. */
function added(key: string, branches: Record<string, unknown>): commands.Command {
  let number = 1;
  while (`branch${number}` in branches) number += 1;
  const { [ELSE]: last, ...others } = branches;
  const next = { ...others, [`branch${number}`]: "false", ...(last === undefined ? {} : { [ELSE]: last }) };
  return commands.setField(key, ["branches"], next);
}

import { Anchor, Button, Group, Textarea } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { components } from "../../../api/schema";
import { t } from "../../../texts";
import { Ago } from "../../../ui/Ago";
import classes from "../inspector/Inspector.module.css";
import type { Block } from "../model/workflow";

interface Props {
  /** The block whose output it is. */
  block: Block;
  /** What that block made last, if it ever ran. */
  last: components["schemas"]["LastOutputOut"] | undefined;
  /** What it is taken to have made. */
  value: string | undefined;
  onChange: (text: string) => void;
}

/** The output of a block that does not run, and where it is from. */
export function GivenOutput({ block, last, value, onChange }: Props) {
  const edited = last !== undefined && value !== last.output;
  return (
    <div>
      <Textarea
        label={t.editor.alone.outputOf(block.name)}
        description={last ? <Source last={last} edited={edited} /> : t.editor.alone.neverRan}
        inputWrapperOrder={["label", "description", "input"]}
        value={value ?? ""}
        autosize
        minRows={2}
        maxRows={12}
        spellCheck={false}
        classNames={{ input: classes.monospace }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {edited && (
        <Group justify="flex-end" mt="xs">
          <Button size="compact-xs" variant="subtle" onClick={() => onChange(last.output)}>
            {t.editor.alone.reset}
          </Button>
        </Group>
      )}
    </div>
  );
}

function Source({ last, edited }: { last: NonNullable<Props["last"]>; edited: boolean }) {
  return (
    <>
      {edited ? t.editor.alone.changedFrom : t.editor.alone.from}{" "}
      <Anchor
        inherit
        underline="always"
        renderRoot={(props) => (
          <Link to="/runs/$executionId" params={{ executionId: last.executionId }} target="_blank" {...props} />
        )}
      >
        {t.editor.alone.run}
      </Anchor>
      {", "}
      <Ago at={last.finishedAt} />
    </>
  );
}

import { Button, Group, Paper, SegmentedControl, Skeleton, Text } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useState } from "react";

import { t } from "../texts";
import { CodeBlock } from "./CodeBlock";
import { asJson, type Format, MOST_CHARACTERS, naturalFormat } from "./format";
import classes from "./OutputView.module.css";

const Markdown = lazy(() => import("./Markdown"));

interface Props {
  text: string;
  /** What the text is, in words. */
  label: string;
  /** Stand at the top beside the choice of the format. */
  heading?: ReactNode;
  actions?: ReactNode;
}

/** An output: formatted, as JSON or plain, as one likes. Nothing in it can act. */
export function OutputView({ text, label, heading, actions }: Props) {
  const [chosen, choose] = useState<Format | null>(null);
  const [whole, showWhole] = useState(false);
  const shown = whole ? text : text.slice(0, MOST_CHARACTERS);
  const json = asJson(text);
  const format = chosen ?? (text.length > MOST_CHARACTERS ? "plain" : naturalFormat(text));
  if (text === "") {
    return (
      <>
        <Group justify="space-between">
          {heading}
          {actions}
        </Group>
        <Text size="sm" c="dimmed">
          {t.runs.block.emptyOutput}
        </Text>
      </>
    );
  }
  return (
    <div>
      <Group justify="flex-end" gap="sm" mb="xs">
        {heading && <div className={classes.heading}>{heading}</div>}
        <SegmentedControl
          size="xs"
          aria-label={t.runs.output.format}
          value={format}
          onChange={choose}
          data={[
            { value: "formatted" as const, label: t.runs.output.formatted },
            ...(json === null ? [] : [{ value: "json" as const, label: t.runs.output.json }]),
            { value: "plain" as const, label: t.runs.output.plain },
          ]}
        />
        {actions}
      </Group>
      {format === "formatted" ? (
        <Paper withBorder p="md" radius="md">
          <Suspense fallback={<Skeleton h={80} />}>
            <Markdown text={shown} />
          </Suspense>
        </Paper>
      ) : (
        <CodeBlock text={format === "json" && json !== null && !cut(json, whole) ? json : shown} label={label} wrap />
      )}
      {shown.length < text.length && (
        <Group gap="sm" mt="xs">
          <Text size="xs" c="dimmed">
            {t.runs.output.cut(shown.length, text.length)}
          </Text>
          <Button size="compact-xs" variant="subtle" onClick={() => showWhole(true)}>
            {t.runs.output.all}
          </Button>
        </Group>
      )}
    </div>
  );
}

function cut(json: string, whole: boolean): boolean {
  return !whole && json.length > MOST_CHARACTERS;
}

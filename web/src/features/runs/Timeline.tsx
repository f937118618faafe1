import { Accordion, Group, Text } from "@mantine/core";
import { useState } from "react";

import type { BlockRun, Execution } from "../../api/types";
import { isLive } from "../../ui/status";
import { StatusBadge, StatusDot } from "../../ui/StatusBadge";
import { BlockDetails } from "./BlockDetails";
import { Elapsed } from "./RunsPage";
import { type Span, spanOf } from "./span";
import classes from "./Timeline.module.css";
import type { Said } from "./watch";

interface Props {
  run: Execution;
  said: Said;
}

/** The blocks of a run in their order, each with when it ran; opened, with what it was given and what it made. */
export function Timeline({ run, said }: Props) {
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [closed, setClosed] = useState<string[]>([]);
  const [first] = useState(() => telling(run));
  // Of itself nothing closes while one reads: what is worth seeing in the end is opened at the end.
  const opened = chosen ?? [...new Set([...first, ...(isLive(run.status) ? [] : telling(run))])];
  // A block that begins to speak is opened, until somebody closes it.
  const speaking = Object.keys(said).filter((key) => !opened.includes(key) && !closed.includes(key));
  const shown = [...opened, ...speaking];
  const change = (keys: string[]) => {
    setClosed((before) => [...before, ...shown.filter((key) => !keys.includes(key))]);
    setChosen(keys);
  };
  return (
    <Accordion multiple variant="separated" value={shown} onChange={change} order={2} keepMounted={false}>
      {run.blocks.map((block) => (
        <Accordion.Item key={block.key} value={block.key} className={classes.item}>
          <Accordion.Control>
            <Line block={block} span={spanOf(block, run)} />
          </Accordion.Control>
          <Accordion.Panel>
            <BlockDetails run={run} block={block} said={said[block.key]} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function Line({ block, span }: { block: BlockRun; span: Span | null }) {
  return (
    <div className={classes.line}>
      <Group gap="sm" wrap="nowrap" miw={0}>
        <StatusDot status={block.status} />
        <div className={classes.name}>
          <Text fw={600} size="sm" truncate component="span" display="block">
            {block.name}
          </Text>
          <Text size="xs" c="dimmed" truncate component="span" display="block">
            {block.key} · {block.type}
          </Text>
        </div>
      </Group>
      <span className={classes.track} aria-hidden>
        {span && (
          <svg className={classes.bar} viewBox="0 0 100 8" preserveAspectRatio="none" data-status={block.status}>
            <rect x={span.start} width={span.width} height="8" rx="1" fill="var(--rw-fg)" />
          </svg>
        )}
      </span>
      <Text size="xs" c="dimmed" component="span" className={classes.duration}>
        {block.startedAt && block.status !== "pending" ? <Elapsed run={block} /> : null}
      </Text>
      <span className={classes.status}>
        <StatusBadge status={block.status} />
      </span>
    </div>
  );
}

/** What one most likely came to see: what failed, what waits, or else the end. */
function telling({ blocks }: Execution): string[] {
  const grave = blocks.filter(({ status }) => status === "failed" || status === "review_pending");
  const last = blocks.filter(({ status }) => status === "completed").at(-1);
  return (grave.length > 0 ? grave : last ? [last] : []).map(({ key }) => key);
}

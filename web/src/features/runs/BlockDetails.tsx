import { Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { BlockRun, Execution } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { CodeBlock } from "../../ui/CodeBlock";
import { Notice } from "../../ui/Notice";
import { OutputView } from "../../ui/OutputView";
import { fullMoment } from "../../ui/time";
import { Trace } from "../agents/Trace";
import { ReviewInRun } from "../reviews/ReviewInRun";
import { CallbackAddress } from "./CallbackAddress";
import { CalledRuns } from "./Called";
import { ItemList, ItemsProgress } from "./Items";
import { progressOf } from "./mapItems";
import type { Said } from "./watch";

interface Props {
  run: Execution;
  block: BlockRun;
  /** What the block said while it ran. */
  said?: Said[string];
}

/** What a block was given, what it made, and why it ended as it did. */
export function BlockDetails({ run, block, said }: Props) {
  const words = t.runs.block;
  const items = progressOf(block, said?.items);
  // What single items asked for stands with the items.
  const requests = items ? [] : run.requests.filter((request) => request.blockKey === block.key);
  return (
    <Stack gap="md">
      <Notes block={block} />
      {block.error !== null && (
        <Notice tone="failed" title={words.error} icon={IconAlertTriangle}>
          {block.error}
        </Notice>
      )}
      {block.reason !== null && (
        <Notice tone={block.status} title={words.reason} icon={IconInfoCircle}>
          {block.reason}
        </Notice>
      )}
      {block.takesCallback && block.status === "running" && (
        <Part title={words.callbackAddress}>
          <CallbackAddress run={run} block={block} />
        </Part>
      )}
      {block.status === "review_pending" && <ReviewInRun run={run} block={block} />}
      {items && (
        <Part title={t.runs.items.title}>
          <Stack gap="sm">
            <ItemsProgress progress={items} />
            <ItemList key={block.round} run={run} block={block} />
          </Stack>
        </Part>
      )}
      {!items && run.called.some(({ blockKey }) => blockKey === block.key) && (
        <Part title={t.runs.called.title}>
          <CalledRuns run={run} block={block} />
        </Part>
      )}
      {said?.log && (
        <Part title={words.log}>
          <CodeBlock text={said.log} label={words.log} wrap />
        </Part>
      )}
      {block.output === null && said?.text && (
        <Part title={words.live}>
          <CodeBlock text={said.text} label={words.live} wrap />
        </Part>
      )}
      {block.output !== null && (
        <section>
          <OutputView text={block.output} label={words.output} heading={<PartTitle>{words.output}</PartTitle>} />
        </section>
      )}
      {Object.keys(block.inputs).length > 0 && (
        <Part title={words.inputs}>
          <Stack gap="sm">
            {Object.entries(block.inputs).map(([name, value]) => (
              <div key={name}>
                <Text size="xs" c="dimmed" mb="xs" ff="monospace">
                  {name}
                </Text>
                <CodeBlock text={value} label={name} wrap />
              </div>
            ))}
          </Stack>
        </Part>
      )}
      {requests.length > 0 && (
        <Part title={words.requests}>
          <Trace requests={requests} />
        </Part>
      )}
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <PartTitle>{title}</PartTitle>
      {children}
    </section>
  );
}

function PartTitle({ children }: { children: string }) {
  return (
    <Title order={3} size="sm" mb="xs">
      {children}
    </Title>
  );
}

function Notes({ block }: { block: BlockRun }) {
  const words = t.runs.block;
  const waits = block.status === "running" || block.status === "pending" ? block.dueAt : null;
  const notes = [
    block.branch !== null && words.branch(block.branch),
    block.attempt > 1 && words.attempt(block.attempt),
    block.round > 0 && words.round(block.round + 1),
  ].filter((note) => note !== false);
  const called = block.takesCallback && block.status === "running" ? block.startedAt : null;
  if (notes.length === 0 && waits === null && called === null) return null;
  return (
    <Group gap="md">
      {notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
      {called !== null && (
        <Text size="sm" c="dimmed">
          {words.waitsForCall(fullMoment(called))}
        </Text>
      )}
      {waits !== null && (
        <Text size="sm" c="dimmed">
          {block.takesCallback ? words.waitsUntil : words.goesOn} <Ago at={waits} />
        </Text>
      )}
    </Group>
  );
}

import { Accordion, Button, Group, Progress, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { BlockRun, Execution, Status } from "../../api/types";
import { locale, t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { Notice } from "../../ui/Notice";
import { OutputView } from "../../ui/OutputView";
import { StatusDot } from "../../ui/StatusBadge";
import { Trace } from "../agents/Trace";
import { CalledRuns } from "./Called";
import classes from "./Items.module.css";
import { isOfItem, type Item, type ItemProgress, itemsQuery } from "./mapItems";
import { Elapsed } from "./RunsPage";

const words = t.runs.items;
const numbers = new Intl.NumberFormat(locale);
const PREVIEW = 160;

/** How far the items of a block are, as a bar and in words. */
export function ItemsProgress({ progress }: { progress: ItemProgress }) {
  const { completed, failed, running, total } = progress;
  const counts = [
    words.completed(numbers.format(completed)),
    failed > 0 && words.failed(numbers.format(failed)),
    running > 0 && words.running(numbers.format(running)),
  ].filter((part) => part !== false);
  const text = words.progress(counts.join(", "), total === null ? null : numbers.format(total));
  const part = (count: number) => (total ? (100 * count) / total : 0);
  return (
    <Stack gap="xs">
      {total !== null && total > 0 && (
        <Progress.Root size="sm" radius="xl" className={classes.bar}>
          <Progress.Section
            value={part(completed)}
            color="var(--rw-fg)"
            data-status="completed"
            aria-label={text}
            aria-valuetext={text}
          />
          <Progress.Section value={part(failed)} color="var(--rw-fg)" data-status="failed" withAria={false} />
        </Progress.Root>
      )}
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    </Stack>
  );
}

interface Props {
  run: Execution;
  block: BlockRun;
}

type Filter = "all" | Extract<Status, "completed" | "failed" | "running">;
const FILTERS: readonly Filter[] = ["all", "failed", "running", "completed"];

/** The items of a block, a piece of the list at a time, each to be opened. */
export function ItemList({ run, block }: Props) {
  const [filter, setFilter] = useState<Filter>("all");
  // Where each piece that was looked at before this one began; the first has no beginning.
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined]);
  const cursor = cursors.at(-1);
  const { data, error, isPending } = useQuery(
    itemsQuery({ run, block, status: filter === "all" ? null : filter, cursor }),
  );
  const choose = (chosen: Filter) => {
    setFilter(chosen);
    setCursors([undefined]);
  };
  const next = data?.nextCursor ?? null;
  return (
    <Stack gap="sm">
      <Group gap="sm" justify="space-between">
        <SegmentedControl<Filter>
          size="xs"
          aria-label={words.shown}
          value={filter}
          onChange={choose}
          data={FILTERS.map((value) => ({ value, label: words.filters[value] }))}
        />
        {(cursors.length > 1 || next !== null) && (
          <Pieces
            items={data?.items ?? []}
            onBack={cursors.length > 1 ? () => setCursors(cursors.slice(0, -1)) : undefined}
            onNext={next === null ? undefined : () => setCursors([...cursors, next])}
          />
        )}
      </Group>
      <Failure error={error} />
      {isPending && <Skeleton h={120} />}
      {data && data.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {words.none}
        </Text>
      )}
      {data && data.items.length > 0 && <ItemAccordion key={cursor ?? ""} items={data.items} run={run} block={block} />}
    </Stack>
  );
}

interface PiecesProps {
  items: Item[];
  /** Absent: this is the first piece. */
  onBack?: () => void;
  /** Absent: this is the last one. */
  onNext?: () => void;
}

function Pieces({ items, onBack, onNext }: PiecesProps) {
  const [first, last] = [items.at(0), items.at(-1)];
  return (
    <Group gap="xs">
      {first && last && (
        <Text size="xs" c="dimmed" className={classes.time}>
          {words.range(numbers.format(first.item), numbers.format(last.item))}
        </Text>
      )}
      <Button
        size="compact-xs"
        variant="default"
        disabled={!onBack}
        onClick={onBack}
        leftSection={<IconChevronLeft size={14} aria-hidden />}
      >
        {words.back}
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        disabled={!onNext}
        onClick={onNext}
        rightSection={<IconChevronRight size={14} aria-hidden />}
      >
        {words.next}
      </Button>
    </Group>
  );
}

function ItemAccordion({ items, run, block }: Props & { items: Item[] }) {
  return (
    <Accordion multiple variant="separated" keepMounted={false} order={4}>
      {items.map((item) => (
        <Accordion.Item key={item.item} value={String(item.item)} className={classes.item}>
          <Accordion.Control>
            <ItemLine item={item} />
          </Accordion.Control>
          <Accordion.Panel>
            <ItemDetails item={item} run={run} block={block} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function ItemLine({ item }: { item: Item }) {
  return (
    <div className={classes.line}>
      <Group gap="sm" wrap="nowrap">
        <StatusDot status={item.status} />
        <Text size="sm" fw={600} component="span" className={classes.time}>
          {words.item(numbers.format(item.item))}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" component="span" truncate>
        {(item.error ?? item.output ?? "").slice(0, PREVIEW)}
      </Text>
      <Text size="xs" c="dimmed" component="span" className={classes.time}>
        <Elapsed run={item} />
      </Text>
    </div>
  );
}

function ItemDetails({ item, run, block }: Props & { item: Item }) {
  const requests = run.requests.filter(({ blockKey, name }) => blockKey === block.key && isOfItem(name, item.item));
  return (
    <Stack gap="md">
      {item.attempt > 1 && (
        <Text size="sm" c="dimmed">
          {t.runs.block.attempt(item.attempt)}
        </Text>
      )}
      {item.error !== null && (
        <Notice tone="failed" title={t.runs.block.error} icon={IconAlertTriangle}>
          {item.error}
        </Notice>
      )}
      {item.output !== null && <OutputView text={item.output} label={words.outputOf(numbers.format(item.item))} />}
      {item.output === null && item.error === null && (
        <Text size="sm" c="dimmed">
          {t.runs.block.noOutput}
        </Text>
      )}
      <CalledRuns run={run} block={block} item={item.item} />
      {requests.length > 0 && <Trace requests={requests} />}
    </Stack>
  );
}

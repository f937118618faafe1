import { Button, Group, Text } from "@mantine/core";
import { IconEyeQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import type { BlockRun, Execution } from "../../api/types";
import { t } from "../../texts";
import { ButtonLink } from "../../ui/links";
import { Notice } from "../../ui/Notice";
import { StatusBadge } from "../../ui/StatusBadge";
import classes from "./Called.module.css";
import { isOfItem, itemOf } from "./mapItems";
import { runQuery } from "./queries";

const AT_FIRST = 10;
const words = t.runs.called;

interface Props {
  run: Execution;
  block: BlockRun;
  /** Only those that were called for this item. */
  item?: number;
}

/** The runs of other workflows that a block called: where one goes to see what came of them. */
export function CalledRuns({ run, block, item }: Props) {
  const [whole, showWhole] = useState(false);
  const called = run.called.filter(
    ({ blockKey, name }) => blockKey === block.key && (item === undefined || isOfItem(name, item)),
  );
  if (called.length === 0) return null;
  const shown = whole ? called : called.slice(0, AT_FIRST);
  return (
    <>
      <ul className={classes.list} aria-label={words.title}>
        {shown.map((call) => (
          <li key={call.executionId}>
            <Group gap="sm">
              <Link to="/runs/$executionId" params={{ executionId: call.executionId }} className={classes.link}>
                {call.workflowName}
              </Link>
              <StatusBadge status={call.status} />
              {item === undefined && <OfItem name={call.name} />}
            </Group>
          </li>
        ))}
      </ul>
      {shown.length < called.length && (
        <Button size="compact-xs" variant="subtle" mt="xs" onClick={() => showWhole(true)}>
          {words.all(called.length)}
        </Button>
      )}
    </>
  );
}

function OfItem({ name }: { name: string }) {
  const item = itemOf(name);
  if (item === null) return null;
  return (
    <Text size="xs" c="dimmed">
      {t.runs.items.item(String(item))}
    </Text>
  );
}

/** A link up to the run that called this one. */
export function CallerLink({ id }: { id: string }) {
  const { data } = useQuery(runQuery(id));
  return (
    <Link to="/runs/$executionId" params={{ executionId: id }} className={classes.link}>
      {data?.workflowName ?? words.another}
    </Link>
  );
}

/** What a run waits for in the runs that it called: their reviews; null when there is nothing. */
export function CalledReview({ run }: { run: Execution }) {
  const waiting = run.called.find(({ status }) => status === "review_pending");
  if (!waiting) return null;
  return (
    <Notice tone="review_pending" icon={IconEyeQuestion} centered>
      <Group justify="space-between" gap="sm" mih="1.875rem">
        {words.waiting(waiting.workflowName)}
        <ButtonLink to="/runs/$executionId" params={{ executionId: waiting.executionId }} size="xs" variant="default">
          {words.look}
        </ButtonLink>
      </Group>
    </Notice>
  );
}

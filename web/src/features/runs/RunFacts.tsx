import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";

import type { Execution } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { CopyIcon } from "../../ui/CopyButton";
import { CallerLink } from "./Called";
import { RunProgress } from "./Progress";
import classes from "./RunFacts.module.css";
import { costText, Elapsed } from "./RunsPage";

/** What one wants to know of a run at a glance. */
export function RunFacts({ run }: { run: Execution }) {
  const words = t.runs.one.facts;
  return (
    <dl className={classes.facts}>
      <Fact name={words.progress}>
        <RunProgress run={run} />
      </Fact>
      <Fact name={words.started}>{run.startedAt ? <Ago at={run.startedAt} /> : t.runs.one.notStarted}</Fact>
      <Fact name={words.duration}>{run.startedAt ? <Elapsed run={run} /> : t.runs.noCost}</Fact>
      <Fact name={words.startedBy}>{t.trigger[run.triggerType] ?? run.triggerType}</Fact>
      {run.parentId !== null && (
        <Fact name={t.runs.called.by}>
          <CallerLink id={run.parentId} />
        </Fact>
      )}
      <Fact name={words.cost}>{costText(run.cost)}</Fact>
      <Fact name={words.id}>
        <Group gap="xs" wrap="nowrap">
          <Text ff="monospace" size="xs" truncate>
            {run.id}
          </Text>
          <CopyIcon value={run.id} label={words.copyId} />
        </Group>
      </Fact>
    </dl>
  );
}

/** A name and what stands for it, in a list of facts. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

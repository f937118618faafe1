import { Group, Skeleton, Stack, Tabs } from "@mantine/core";
import { IconEyeQuestion, IconInfoCircle } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import type { Execution, Status } from "../../api/types";
import { t } from "../../texts";
import { ButtonLink } from "../../ui/links";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { isLive } from "../../ui/status";
import { StatusBadge } from "../../ui/StatusBadge";
import { RunFiles } from "../artifacts/RunFiles";
import { openReviewsOfRunQuery } from "../reviews/queries";
import { CalledReview } from "./Called";
import { runQuery } from "./queries";
import { RunActions } from "./RunActions";
import { Caller } from "./RunCaller";
import { RunFacts } from "./RunFacts";
import { PreviewBadge } from "./RunsPage";
import { Timeline } from "./Timeline";
import { useWatchedRun } from "./watch";

// The canvas is the larger part of the code of this page, and not everybody looks at it.
const RunCanvas = lazy(() => import("./RunCanvas"));

/** One run, live while it is under way. */
export function RunPage() {
  const { executionId } = useParams({ from: "/shell/runs/$executionId" });
  const { data: run } = useSuspenseQuery(runQuery(executionId));
  const said = useWatchedRun(executionId, isLive(run.status));
  return (
    <Page title={t.runs.one.title(run.workflowName)} heading={<Heading run={run} />} actions={<RunActions run={run} />}>
      <Stack gap="md">
        <Outcome run={run} />
        <CalledReview run={run} />
        <RunFacts run={run} />
      </Stack>
      <Tabs key={run.id} defaultValue="blocks" keepMounted={false} mt="lg">
        <Tabs.List>
          <Tabs.Tab value="blocks">{t.runs.one.blocks}</Tabs.Tab>
          <Tabs.Tab value="canvas">{t.runs.one.canvas}</Tabs.Tab>
          <Tabs.Tab value="files">{t.files.title}</Tabs.Tab>
          <Tabs.Tab value="details">{t.runs.one.details}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="blocks" pt="md">
          <Timeline run={run} said={said} />
        </Tabs.Panel>
        <Tabs.Panel value="canvas" pt="md">
          <Suspense fallback={<Skeleton h="26rem" />}>
            <RunCanvas run={run} said={said} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="files" pt="md">
          <RunFiles run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="details" pt="md">
          <Caller run={run} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Heading({ run }: { run: Execution }) {
  return (
    <Group gap="sm" component="span">
      {run.workflowName}
      <StatusBadge status={run.status} />
      {run.preview && <PreviewBadge />}
    </Group>
  );
}

function ReviewLink({ run }: { run: Execution }) {
  const { data } = useQuery(openReviewsOfRunQuery(run));
  const first = data?.items[0];
  return (
    first && (
      <ButtonLink to="/reviews/$reviewId" params={{ reviewId: first.id }} size="xs" variant="default">
        {t.runs.one.toReview}
      </ButtonLink>
    )
  );
}

const OUTCOMES: Partial<Record<Status, string>> = t.runs.one.outcome;

/** Why the run ended otherwise than well, or what it waits for. */
function Outcome({ run }: { run: Execution }) {
  if (run.blocks.some((block) => block.status === "review_pending")) {
    return (
      <Notice tone="review_pending" icon={IconEyeQuestion} centered>
        <Group justify="space-between" gap="sm" mih="1.875rem">
          {t.runs.one.waiting}
          <ReviewLink run={run} />
        </Group>
      </Notice>
    );
  }
  const title = OUTCOMES[run.status];
  const why = run.error ?? run.cancelReason;
  if (title === undefined || !why) return null;
  return (
    <Notice tone={run.status} title={title} icon={IconInfoCircle}>
      {why}
    </Notice>
  );
}

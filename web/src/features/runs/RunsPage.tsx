import { Badge, Button, Group, Table, Text, Tooltip } from "@mantine/core";
import { IconFilterOff, IconPlayerPlay } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import { useProject } from "../../api/project";
import type { ExecutionSummary } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { EmptyState } from "../../ui/EmptyState";
import { Failure } from "../../ui/Failure";
import { ButtonLink } from "../../ui/links";
import list from "../../ui/List.module.css";
import { Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { isLive } from "../../ui/status";
import { StatusBadge } from "../../ui/StatusBadge";
import { elapsed } from "../../ui/time";
import { useNow } from "../../ui/useNow";
import { NoProject } from "../workflows/NoProject";
import { RunProgress } from "./Progress";
import { runsQuery } from "./queries";
import { RunFilterBar } from "./RunFilterBar";

/** The project's runs, live. */
export function RunsPage() {
  const project = useProject();
  return <Page title={t.runs.title}>{project === null ? <NoProject /> : <Runs project={project.id} />}</Page>;
}

function Runs({ project }: { project: string }) {
  const filters = useSearch({ from: "/shell/runs" });
  const query = useInfiniteQuery(runsQuery({ project, ...filters }));
  const filtered = Object.values(filters).some((value) => value !== undefined);
  if (query.isPending) return <PageLoading />;
  if (query.isError) return <Failure error={query.error} />;
  const runs = query.data.pages.flatMap((page) => page.items);
  if (runs.length === 0 && !filtered && !query.isPlaceholderData) return <NoRuns />;
  return (
    <>
      <RunFilterBar project={project} />
      {runs.length > 0 ? (
        <RunTable runs={runs} />
      ) : (
        <EmptyState icon={IconFilterOff} title={t.runs.noneTitle} text={t.runs.noneText} />
      )}
      {query.hasNextPage && (
        <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t.actions.loadMore}
        </Button>
      )}
    </>
  );
}

function NoRuns() {
  return (
    <EmptyState icon={IconPlayerPlay} title={t.runs.emptyTitle} text={t.runs.emptyText}>
      <ButtonLink to="/workflows" variant="default">
        {t.runs.toWorkflows}
      </ButtonLink>
    </EmptyState>
  );
}

function RunTable({ runs }: { runs: ExecutionSummary[] }) {
  const { columns } = t.runs;
  return (
    <Table className={list.table} aria-label={t.runs.title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{columns.workflow}</Table.Th>
          <Table.Th>{columns.status}</Table.Th>
          <Table.Th visibleFrom="sm">{columns.progress}</Table.Th>
          <Table.Th visibleFrom="md">{columns.trigger}</Table.Th>
          <Table.Th visibleFrom="xs">{columns.started}</Table.Th>
          <Table.Th visibleFrom="sm" className={list.number}>
            {columns.duration}
          </Table.Th>
          <Table.Th visibleFrom="md" className={list.number}>
            {columns.cost}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.map((run) => (
          <Row key={run.id} run={run} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ run }: { run: ExecutionSummary }) {
  return (
    <Table.Tr className={list.row}>
      <Table.Td>
        <Group gap="sm">
          <Link to="/runs/$executionId" params={{ executionId: run.id }} className={list.link}>
            {run.workflowName}
          </Link>
          {run.preview && <PreviewBadge />}
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="xs">
          <Ago at={run.createdAt} />
        </Text>
      </Table.Td>
      <Table.Td>
        <StatusBadge status={run.status} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <RunProgress run={run} />
      </Table.Td>
      <Table.Td visibleFrom="md">{t.trigger[run.triggerType] ?? run.triggerType}</Table.Td>
      <Table.Td visibleFrom="xs">
        <Ago at={run.createdAt} />
      </Table.Td>
      <Table.Td visibleFrom="sm" className={list.number}>
        <Elapsed run={run} />
      </Table.Td>
      <Table.Td visibleFrom="md" className={list.number}>
        {costText(run.cost)}
      </Table.Td>
    </Table.Tr>
  );
}

const SECOND_MS = 1_000;

/** How long a run or block took, or has taken so far. */
export function Elapsed({ run }: { run: Pick<ExecutionSummary, "status" | "startedAt" | "finishedAt"> }) {
  return isLive(run.status) && run.startedAt !== null ? (
    <Ticking from={run.startedAt} />
  ) : (
    elapsed(run.startedAt, run.finishedAt, 0)
  );
}

function Ticking({ from }: { from: string }) {
  return elapsed(from, null, useNow(SECOND_MS));
}

/** Marks a run that was a trial. */
export function PreviewBadge() {
  return (
    <Tooltip label={t.runs.previewHint}>
      <Badge size="sm" variant="default" className={list.above}>
        {t.runs.preview}
      </Badge>
    </Tooltip>
  );
}

/** A run's cost in words; most runs cost nothing. */
export function costText(usd: string): string {
  return Number(usd) === 0 ? t.runs.noCost : t.runs.cost(usd);
}
